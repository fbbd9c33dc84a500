// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.type.SqlType;

/**
 * What a value is stored as.
 *
 * @param column the column's name, for messages
 */
public record Target(SqlType type, String column) {}
