// SPDX-License-Identifier: Apache-2.0
/** Transactions under test: transfers between accounts, and counters that many want. */
package dev.varve.bench.txn;
