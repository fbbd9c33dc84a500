// SPDX-License-Identifier: Apache-2.0
/** SQL under test, through JDBC. */
package dev.varve.bench.sql;
