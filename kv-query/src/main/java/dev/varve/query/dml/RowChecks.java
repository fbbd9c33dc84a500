// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.CheckConstraint;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the generated columns of new rows and refuses rows that break a constraint. */
public final class RowChecks {
  private final TableDefinition table;
  private final ConstraintErrors errors;
  private final List<Evaluator> checks = new ArrayList<>();
  private final @Nullable Evaluator[] generated;
  private final List<Extra> extras = new ArrayList<>();

  /** A condition that is no constraint of the table: it must be TRUE. */
  record Extra(Evaluator condition, String sentence, ErrorCode code) {}

  /** Asks more of the rows than the table does. */
  void add(List<Extra> conditions) {
    extras.addAll(conditions);
  }

  /** For rows of {@code table}; compiles its constraints. */
  public RowChecks(TableDefinition table, StatementContext.Planning planning) {
    this.table = table;
    this.errors = new ConstraintErrors(planning.context().evaluation().zone());
    List<GivenTable> scope = List.of(TableWriter.scope(table, table.name()));
    Target condition = new Target(SqlType.BOOLEAN, "check");
    for (CheckConstraint check : table.checks()) {
      checks.add(planning.evaluator(check.text(), scope, condition));
    }
    generated = new @Nullable Evaluator[table.columns().size()];
    for (int i = 0; i < generated.length; i++) {
      TableColumn column = table.columns().get(i);
      if (column.generatedText() != null) {
        generated[i] =
            planning.evaluator(
                column.generatedText(), scope, new Target(column.type(), column.name()));
      }
    }
  }

  /** Fills in the generated columns and checks all selected rows; the first bad one is the error. */
  public void apply(Batch rows) {
    for (int i = 0; i < generated.length; i++) {
      Evaluator evaluator = generated[i];
      if (evaluator != null) {
        rows.setColumn(i, evaluator.evaluate(rows));
      }
    }
    checkNotNull(rows);
    for (int i = 0; i < checks.size(); i++) {
      check(table.checks().get(i), checks.get(i), rows);
    }
    extras.forEach(extra -> check(extra, rows));
  }

  private void check(Extra extra, Batch rows) {
    BooleanVector result = (BooleanVector) extra.condition().evaluate(rows);
    for (int k = 0; k < rows.count(); k++) {
      int row = rows.row(k);
      if (result.isNull(row) || !result.values[row]) {
        throw extra.code().error(extra.sentence()).fact("table", table.name()).build();
      }
    }
  }

  private void checkNotNull(Batch rows) {
    for (int i = 0; i < table.columns().size(); i++) {
      Vector column = rows.column(i);
      if (column.hasNulls && table.columns().get(i).notNull()) {
        for (int k = 0; k < rows.count(); k++) {
          if (column.isNull(rows.row(k))) {
            throw errors.notNull(table, i, rows, rows.row(k));
          }
        }
      }
    }
  }

  private void check(CheckConstraint constraint, Evaluator condition, Batch rows) {
    BooleanVector result = (BooleanVector) condition.evaluate(rows);
    for (int k = 0; k < rows.count(); k++) {
      int row = rows.row(k);
      if (!result.isNull(row) && !result.values[row]) {
        throw errors.check(table, constraint.name(), rows, row);
      }
    }
  }
}
