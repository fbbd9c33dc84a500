// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.type.TextOutput;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.time.ZoneId;
import java.util.List;
import java.util.StringJoiner;

/** The errors of constraints, each naming constraint, table and values as PostgreSQL does. */
final class ConstraintErrors {
  private static final int SHOWN_CHARS = 64;

  private final ZoneId zone;

  ConstraintErrors(ZoneId zone) {
    this.zone = zone;
  }

  VarveException unique(TableDefinition table, TableIndex index, Vector[] keys, int row) {
    return ErrorCode.UNIQUE_VIOLATION
        .error("duplicate key value violates unique constraint \"" + index.name() + "\"")
        .fact("table", table.name())
        .fact("constraint", index.name())
        .fact("key", "(" + keyNames(table, index) + ")=(" + values(keys, row) + ")")
        .build();
  }

  VarveException notNull(TableDefinition table, int column, Batch rows, int row) {
    String name = table.columns().get(column).name();
    return ErrorCode.NOT_NULL_VIOLATION
        .error(
            "null value in column \""
                + name
                + "\" of relation \""
                + table.name()
                + "\" violates not-null constraint")
        .fact("table", table.name())
        .fact("column", name)
        .fact("row", row(rows, row, table.columns().size()))
        .build();
  }

  VarveException check(TableDefinition table, String constraint, Batch rows, int row) {
    return ErrorCode.CHECK_VIOLATION
        .error(
            "new row for relation \""
                + table.name()
                + "\" violates check constraint \""
                + constraint
                + "\"")
        .fact("table", table.name())
        .fact("constraint", constraint)
        .fact("row", row(rows, row, table.columns().size()))
        .build();
  }

  VarveException missingParent(
      TableDefinition table, ForeignKey key, TableDefinition parent, Vector[] values, int row) {
    return ErrorCode.FOREIGN_KEY_VIOLATION
        .error(
            "insert or update on table \""
                + table.name()
                + "\" violates foreign key constraint \""
                + key.name()
                + "\"")
        .fact("table", table.name())
        .fact("constraint", key.name())
        .fact("key", "(" + columnNames(table, key.columns()) + ")=(" + values(values, row) + ")")
        .fact("missingFrom", parent.name())
        .build();
  }

  VarveException mixedNulls(TableDefinition table, ForeignKey key) {
    return ErrorCode.FOREIGN_KEY_VIOLATION
        .error(
            "insert or update on table \""
                + table.name()
                + "\" violates foreign key constraint \""
                + key.name()
                + "\"")
        .fact("table", table.name())
        .fact("constraint", key.name())
        .hint("MATCH FULL does not allow mixing of null and nonnull key values.")
        .build();
  }

  VarveException stillReferenced(
      TableDefinition parent, TableDefinition child, ForeignKey key, Vector[] values, int row) {
    return ErrorCode.FOREIGN_KEY_VIOLATION
        .error(
            "update or delete on table \""
                + parent.name()
                + "\" violates foreign key constraint \""
                + key.name()
                + "\" on table \""
                + child.name()
                + "\"")
        .fact("table", child.name())
        .fact("constraint", key.name())
        .fact(
            "key",
            "(" + columnNames(parent, key.referencedColumns()) + ")=(" + values(values, row) + ")")
        .fact("referencedFrom", child.name())
        .build();
  }

  private static String keyNames(TableDefinition table, TableIndex index) {
    StringJoiner names = new StringJoiner(", ");
    index
        .keys()
        .forEach(
            key ->
                names.add(
                    key.isExpression()
                        ? String.valueOf(key.expressionText())
                        : table.columns().get(key.column()).name()));
    return names.toString();
  }

  private static String columnNames(TableDefinition table, List<Integer> columns) {
    StringJoiner names = new StringJoiner(", ");
    columns.forEach(column -> names.add(table.columns().get(column).name()));
    return names.toString();
  }

  private String values(Vector[] values, int row) {
    StringJoiner text = new StringJoiner(", ");
    for (Vector value : values) {
      text.add(text(value, row));
    }
    return text.toString();
  }

  private String row(Batch rows, int row, int columns) {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < columns; i++) {
      text.add(text(rows.column(i), row));
    }
    return text.toString();
  }

  private String text(Vector vector, int row) {
    if (vector.isNull(row)) {
      return "null";
    }
    String text = TextOutput.text(vector.datum(row), vector.type(), zone);
    return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
  }
}
