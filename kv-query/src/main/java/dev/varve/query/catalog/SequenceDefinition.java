// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;

/**
 * A sequence. Its current value is no part of the definition and of no transaction.
 *
 * @param type SMALLINT, INTEGER or BIGINT
 * @param ownerTable the id of the table with which it is dropped, or 0
 * @param ownerColumn the name of that table's column, or the empty string
 */
public record SequenceDefinition(
    int id,
    String schema,
    String name,
    SqlType type,
    long start,
    long increment,
    long minValue,
    long maxValue,
    long cache,
    boolean cycle,
    int ownerTable,
    String ownerColumn,
    boolean temporary)
    implements Relation {}
