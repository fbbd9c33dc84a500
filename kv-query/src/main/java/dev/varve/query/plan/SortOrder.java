// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

/**
 * One key of an order.
 *
 * @param column the number of the column
 * @param descending greatest first
 * @param nullsFirst NULL before all values
 */
public record SortOrder(int column, boolean descending, boolean nullsFirst) {}
