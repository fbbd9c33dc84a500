// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.core.store.EntryBatch;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.row.RowReader;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ON CONFLICT: what becomes of a new row whose unique values another row has. */
final class OnConflictPlan {
  private final TableDefinition table;
  private final TableChanges changes;
  private final List<TableIndex> arbiters;

  /** The columns set and their values; the evaluators read the present row and then the new one. */
  private final int[] assigned;

  private final Evaluator[] values;
  private final @Nullable Evaluator where;
  private final boolean doNothing;

  OnConflictPlan(
      TableChanges changes,
      List<TableIndex> arbiters,
      boolean doNothing,
      int[] assigned,
      Evaluator[] values,
      @Nullable Evaluator where) {
    this.table = changes.table();
    this.changes = changes;
    this.arbiters = arbiters;
    this.doNothing = doNothing;
    this.assigned = assigned;
    this.values = values;
    this.where = where;
  }

  Run start(StatementContext context, @Nullable RowCollector returned) {
    return new Run(context, returned);
  }

  /** One execution. */
  final class Run {
    private final StatementContext context;
    private final @Nullable RowCollector returned;
    private final Set<ByteBuffer> touched = new HashSet<>();
    private final int width = table.columns().size();

    /** The present row and then the new one; one row. */
    private final Batch pair = new Batch(new Vector[2 * width]);

    private final RowReader reader = new RowReader(changes.writer().layout().rows());

    private Run(StatementContext context, @Nullable RowCollector returned) {
      this.context = context;
      this.returned = returned;
    }

    /** Inserts the row, or does what is to be done instead; returns how many rows were changed. */
    int insert(Batch rows, int row) {
      byte[] present = null;
      for (int i = 0; i < arbiters.size() && present == null; i++) {
        present = changes.writer().conflict(arbiters.get(i), rows, row);
      }
      if (present == null) {
        byte[] key = changes.insert(rows, row);
        if (!doNothing) {
          touched.add(ByteBuffer.wrap(key));
        }
        if (returned != null) {
          returned.add(rows, row);
        }
        return 1;
      }
      return doNothing ? 0 : update(present, rows, row);
    }

    private int update(byte[] rowKey, Batch rows, int row) {
      if (touched.contains(ByteBuffer.wrap(rowKey))) {
        throw ErrorCode.CARDINALITY_VIOLATION
            .error("ON CONFLICT DO UPDATE command cannot affect row a second time")
            .hint(
                "Ensure that no rows proposed for insertion within the same command have duplicate"
                    + " constrained values.")
            .build();
      }
      byte[] value = changes.writer().existing(table.keyspace(), rowKey);
      if (value == null) {
        throw new StatementRestart();
      }
      Batch present = read(value);
      for (int i = 0; i < width; i++) {
        pair.setColumn(i, present.column(i));
        Vector proposed = Vector.allocate(table.columns().get(i).type(), 1);
        proposed.copy(0, rows.column(i), row);
        pair.setColumn(width + i, proposed);
      }
      pair.setCount(1);
      if (where != null) {
        BooleanVector holds = (BooleanVector) where.evaluate(pair);
        if (holds.isNull(0) || !holds.values[0]) {
          return 0;
        }
      }
      Batch changed = new Batch(new Vector[width]);
      for (int i = 0; i < width; i++) {
        changed.setColumn(i, present.column(i));
      }
      for (int i = 0; i < assigned.length; i++) {
        changed.setColumn(assigned[i], values[i].evaluate(pair));
      }
      changed.setCount(1);
      changes.checks().apply(changed);
      touched.add(ByteBuffer.wrap(changes.update(rowKey, present, 0, changed, 0)));
      if (returned != null) {
        returned.add(changed, 0);
      }
      return 1;
    }

    private Batch read(byte[] value) {
      EntryBatch entry = new EntryBatch(1, Math.max(1, value.length));
      ByteBuffer bytes = ByteBuffer.wrap(value);
      entry.add(bytes, 0, 0, bytes, 0, value.length);
      reader.open(entry);
      Batch present = new Batch(new Vector[width]);
      for (int i = 0; i < width; i++) {
        TableColumn column = table.columns().get(i);
        Vector vector = Vector.allocate(column.type(), 1);
        reader.read(column.slot(), vector);
        present.setColumn(i, vector);
      }
      present.setCount(1);
      return present;
    }
  }
}
