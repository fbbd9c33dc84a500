// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

/**
 * CHECK of a table.
 *
 * @param text the condition as SQL text
 */
public record CheckConstraint(String name, String text) {}
