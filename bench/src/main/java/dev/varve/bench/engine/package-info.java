// SPDX-License-Identifier: Apache-2.0
/** The stores under test behind one small interface. */
package dev.varve.bench.engine;
