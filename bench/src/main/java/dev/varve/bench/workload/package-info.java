// SPDX-License-Identifier: Apache-2.0
/** What is done to a store, and on which data. */
package dev.varve.bench.workload;
