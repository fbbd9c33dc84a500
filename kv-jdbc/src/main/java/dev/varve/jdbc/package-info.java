// SPDX-License-Identifier: Apache-2.0
/**
 * The JDBC driver: {@code java.sql} over {@code dev.varve}. Applications need only {@link
 * dev.varve.jdbc.VarveDriver}, and that only by its service registration and its URLs.
 *
 * <p>Read in this order: {@code VarveDriver}, {@code ConnectionUrl}, {@code SharedDatabases}, {@code
 * VarveConnection}, {@code VarveStatement}, {@code VarvePreparedStatement}, {@code VarveResultSet}, {@code
 * VarveMetaData}.
 */
@NullMarked
package dev.varve.jdbc;

import org.jspecify.annotations.NullMarked;
