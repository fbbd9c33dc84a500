// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.ast.TableConstraint.ReferentialAction;
import java.util.List;

/**
 * FOREIGN KEY, kept with the referencing table.
 *
 * @param columns places in the referencing table
 * @param referencedTable the id of the referenced table
 * @param referencedColumns places in the referenced table, in the order of {@code columns}
 * @param referencedIndex the id of the unique index over them
 * @param deleteColumns places that SET NULL and SET DEFAULT on deletion are restricted to, or empty
 */
public record ForeignKey(
    String name,
    List<Integer> columns,
    int referencedTable,
    List<Integer> referencedColumns,
    int referencedIndex,
    boolean matchFull,
    ReferentialAction onDelete,
    List<Integer> deleteColumns,
    ReferentialAction onUpdate,
    boolean deferrable,
    boolean initiallyDeferred) {

  public ForeignKey withName(String newName) {
    return new ForeignKey(
        newName,
        columns,
        referencedTable,
        referencedColumns,
        referencedIndex,
        matchFull,
        onDelete,
        deleteColumns,
        onUpdate,
        deferrable,
        initiallyDeferred);
  }

  public ForeignKey withColumns(
      List<Integer> newColumns, List<Integer> newReferenced, List<Integer> newDelete) {
    return new ForeignKey(
        name,
        newColumns,
        referencedTable,
        newReferenced,
        referencedIndex,
        matchFull,
        onDelete,
        newDelete,
        onUpdate,
        deferrable,
        initiallyDeferred);
  }

  public ForeignKey withReferencedIndex(int newIndex) {
    return new ForeignKey(
        name,
        columns,
        referencedTable,
        referencedColumns,
        newIndex,
        matchFull,
        onDelete,
        deleteColumns,
        onUpdate,
        deferrable,
        initiallyDeferred);
  }
}
