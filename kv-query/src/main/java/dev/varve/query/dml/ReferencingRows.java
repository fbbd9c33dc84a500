// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Query;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the rows that reference a given row through one foreign key. */
final class ReferencingRows {
  private final TableDefinition parent;
  private final TableDefinition child;
  private final ForeignKey key;
  private final PhysicalQuery query;
  private final KeyCodec parentKey;
  private final TableIndex parentIndex;
  private final TupleWriter tuple = new TupleWriter();

  ReferencingRows(
      TableDefinition parent,
      TableDefinition child,
      ForeignKey key,
      StatementContext.Planning planning) {
    this.parent = parent;
    this.child = child;
    this.key = key;
    TableIndex index = parent.index(key.referencedIndex());
    if (index == null) {
      throw ErrorCode.INTERNAL
          .error("A foreign key references no index.")
          .fact("constraint", key.name())
          .build();
    }
    this.parentIndex = index;
    this.parentKey = TableLayout.of(parent).indexKeys(index);
    ParameterTypes types = new ParameterTypes();
    List<Expression> conditions = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      types.settle(
          i, parent.columns().get(key.referencedColumns().get(i)).type().withoutModifier());
      conditions.add(
          Syntax.equal(
              Syntax.column(child.name(), child.columns().get(key.columns().get(i)).name()),
              Syntax.parameter(i + 1)));
    }
    Query ast =
        Syntax.select(
            Syntax.keyAndColumns(child, child.name()),
            List.of(Syntax.table(child, child.name())),
            Syntax.and(conditions));
    this.query = planning.withTypes(types).plan(ast, List.of(), List.of());
  }

  /** Rows of key and columns that reference the key in {@code row} of {@code referenced}. */
  RowCollector find(Batch referenced, int row, StatementContext context) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      values.add(referenced.column(i).datum(row));
    }
    StoreTransaction transaction = context.transaction().store();
    try {
      RowCollector own = run(context, transaction, values);
      refuseUnseen(context, transaction, values);
      return own;
    } finally {
      context.evaluation().parameters(context.parameters());
    }
  }

  private RowCollector run(
      StatementContext context, StoreReader reader, List<@Nullable Object> values) {
    List<SqlType> types = new ArrayList<>();
    for (PlanColumn column : query.columns()) {
      types.add(column.type());
    }
    RowCollector rows = new RowCollector(types);
    try (ExecutionContext execution = context.execution(reader)) {
      execution.parameters(values, query.handedDown());
      try (Operator operator = query.operator(execution)) {
        operator.open(execution);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          rows.addAll(batch);
        }
      }
    }
    return rows;
  }

  /** Rows that others have committed since the snapshot make the statement fail or run again. */
  private void refuseUnseen(
      StatementContext context, StoreTransaction transaction, List<@Nullable Object> values) {
    try (StoreSnapshot newest = context.store().snapshot()) {
      if (newest.readTimestamp() == transaction.readTimestamp()) {
        return;
      }
      for (Batch batch : run(context, newest, values).batches()) {
        for (int row = 0; row < batch.count(); row++) {
          byte[] rowKey = RowKeys.copy(batch.column(0), row);
          byte[] seen = transaction.keyspace(child.keyspace()).get(rowKey);
          byte[] now = transaction.getNewest(child.keyspace(), rowKey);
          if (now != null && !Arrays.equals(seen, now)) {
            throw unseen(transaction, rowKey);
          }
        }
      }
    }
  }

  private RuntimeException unseen(StoreTransaction transaction, byte[] rowKey) {
    IsolationLevel level = transaction.isolation();
    if (level == IsolationLevel.READ_COMMITTED || level == IsolationLevel.READ_UNCOMMITTED) {
      return new StatementRestart();
    }
    transaction.rollback();
    return ErrorCode.WRITE_CONFLICT
        .error("could not serialize access due to concurrent update")
        .fact("table", child.name())
        .fact("constraint", key.name())
        .fact("key", rowKey)
        .hint("Run the transaction again.")
        .build();
  }

  /** Whether the referenced key is, in spite of all, there. */
  boolean isStillThere(Batch referenced, int row, StatementContext context) {
    Vector[] ordered = new Vector[parentIndex.keys().size()];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] =
          referenced.column(key.referencedColumns().indexOf(parentIndex.keys().get(i).column()));
    }
    parentKey.write(ordered, row, tuple.reset());
    int keyspace = parentIndex.clustered() ? parent.keyspace() : parentIndex.keyspace();
    return context.transaction().store().keyspace(keyspace).contains(tuple.toByteArray());
  }
}
