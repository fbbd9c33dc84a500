// SPDX-License-Identifier: Apache-2.0
/** Results, and how they are shown. */
package dev.varve.bench.report;
