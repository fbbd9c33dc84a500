// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * A column of a result.
 *
 * @param name as the query names it
 * @param typeName the SQL type as PostgreSQL prints it, for instance {@code numeric(10,2)}
 * @param nullable whether a NULL can occur, as far as is known
 */
public record Column(String name, String typeName, boolean nullable) {}
