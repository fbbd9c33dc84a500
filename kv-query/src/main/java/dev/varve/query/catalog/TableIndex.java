// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.IndexType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table, also the one behind PRIMARY KEY and UNIQUE.
 *
 * @param id its number, which is also the number of its keyspace
 * @param clustered whether the table's own rows are in this order: then it has no entries
 * @param constraint the constraint that it stands for
 * @param nullsNotDistinct whether NULLs count as equal
 * @param predicateText WHERE of a partial index as SQL text, or null
 * @param includes columns of INCLUDE
 * @param building whether it is kept up but not yet complete, so that nobody may read it
 */
public record TableIndex(
    int id,
    String name,
    IndexType type,
    List<IndexKey> keys,
    boolean unique,
    boolean clustered,
    Constraint constraint,
    boolean nullsNotDistinct,
    @Nullable String predicateText,
    List<Integer> includes,
    boolean building) {

  /** What kind of constraint an index enforces. */
  public enum Constraint {
    /** None: CREATE INDEX. */
    NONE,
    UNIQUE,
    PRIMARY_KEY
  }

  /** The number of its keyspace; of a clustered one, ask the table. */
  public int keyspace() {
    return id;
  }

  /** Whether a query may read it: complete and over all rows. */
  public boolean isReadable() {
    return !building;
  }

  /** Whether all its keys are columns. */
  public boolean hasOnlyColumns() {
    return keys.stream().noneMatch(IndexKey::isExpression);
  }

  /** Whether a NULL in a key makes an entry differ from every other. */
  public boolean isUniqueUnlessNull() {
    return unique && !nullsNotDistinct;
  }

  public TableIndex withName(String newName) {
    return new TableIndex(
        id,
        newName,
        type,
        keys,
        unique,
        clustered,
        constraint,
        nullsNotDistinct,
        predicateText,
        includes,
        building);
  }

  public TableIndex withKeys(List<IndexKey> newKeys, List<Integer> newIncludes) {
    return new TableIndex(
        id,
        name,
        type,
        newKeys,
        unique,
        clustered,
        constraint,
        nullsNotDistinct,
        predicateText,
        newIncludes,
        building);
  }

  public TableIndex withPredicate(@Nullable String text) {
    return new TableIndex(
        id,
        name,
        type,
        keys,
        unique,
        clustered,
        constraint,
        nullsNotDistinct,
        text,
        includes,
        building);
  }

  public TableIndex withBuilding(boolean incomplete) {
    return new TableIndex(
        id,
        name,
        type,
        keys,
        unique,
        clustered,
        constraint,
        nullsNotDistinct,
        predicateText,
        includes,
        incomplete);
  }

  public TableIndex withConstraint(String newName, Constraint newConstraint) {
    return new TableIndex(
        id,
        newName,
        type,
        keys,
        unique,
        clustered,
        newConstraint,
        nullsNotDistinct,
        predicateText,
        includes,
        building);
  }
}
