// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** INSERT: rows of a query, completed with defaults, checked, written one by one. */
final class InsertPlan implements DataPlan {
  private final TableDefinition table;
  private final Cascade cascade;
  private final TableChanges changes;
  private final @Nullable SourceRows source;
  private final boolean readsTarget;

  /** For each column of the table, its place among the source's columns, or -1. */
  private final int[] given;

  private final @Nullable Evaluator[] defaults;
  private final @Nullable OnConflictPlan onConflict;
  private final @Nullable Returning returning;

  InsertPlan(
      TableDefinition table,
      Cascade cascade,
      @Nullable SourceRows source,
      boolean readsTarget,
      int[] given,
      @Nullable Evaluator[] defaults,
      @Nullable OnConflictPlan onConflict,
      @Nullable Returning returning) {
    this.table = table;
    this.cascade = cascade;
    this.changes = cascade.plan(table);
    this.source = source;
    this.readsTarget = readsTarget;
    this.given = given;
    this.defaults = defaults;
    this.onConflict = onConflict;
    this.returning = returning;
  }

  @Override
  public String command() {
    return "INSERT";
  }

  @Override
  public List<PlanColumn> columns() {
    return Returning.columns(returning);
  }

  @Override
  public List<String> explain() {
    return source == null ? List.of() : source.query().explain();
  }

  @Override
  public DataResult run(StatementContext context) {
    Run run = new Run(context);
    cascade.begin();
    cascade.open(table, context);
    if (source == null) {
      Batch one = new Batch();
      one.setCount(1);
      run.insert(one);
    } else if (readsTarget) {
      source.collect(context, Map.of()).batches().forEach(run::insert);
    } else {
      source.forEach(context, Map.of(), run::insert);
    }
    cascade.finish(context);
    RowCollector rows =
        returning == null || run.returned == null ? null : returning.output(run.returned, context);
    return new DataResult(run.count, rows);
  }

  private final class Run {
    final StatementContext context;
    final @Nullable RowCollector returned;
    final Batch rows = new Batch(new Vector[table.columns().size()]);
    final OnConflictPlan.@Nullable Run conflicts;
    long count;

    Run(StatementContext context) {
      this.context = context;
      this.returned = returning == null ? null : returning.input();
      this.conflicts = onConflict == null ? null : onConflict.start(context, returned);
    }

    void insert(Batch input) {
      for (int i = 0; i < given.length; i++) {
        Evaluator byDefault = defaults[i];
        rows.setColumn(
            i,
            given[i] >= 0 || byDefault == null
                ? input.column(given[i])
                : byDefault.evaluate(input));
      }
      rows.select(input.selection(), input.count());
      context.evaluation().checkCanceled();
      changes.checks().apply(rows);
      for (int k = 0; k < rows.count(); k++) {
        int row = rows.row(k);
        if (conflicts != null) {
          count += conflicts.insert(rows, row);
          continue;
        }
        changes.insert(rows, row);
        count++;
        if (returned != null) {
          returned.add(rows, row);
        }
      }
    }
  }
}
