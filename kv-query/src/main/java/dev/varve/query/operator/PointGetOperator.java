// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.store.Keyspace;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the one row of a table that has a given key. */
public final class PointGetOperator implements Operator {
  private final ScanSource source;
  private final KeyBounds bounds;
  private final RowDecoder decoder;
  private final FetchedRows rows = new FetchedRows();
  private @Nullable ExecutionContext context;

  /** Reads the row whose key the points of {@code bounds} make. */
  public PointGetOperator(ScanSource source, KeyBounds bounds) {
    this.source = source;
    this.bounds = bounds;
    this.decoder = new RowDecoder(source, 1);
  }

  @Override
  public List<SqlType> types() {
    return decoder.types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
  }

  @Override
  public @Nullable Batch next() {
    ExecutionContext execution = context;
    if (execution == null) {
      return null;
    }
    context = null;
    execution.checkCanceled();
    byte[] key = bounds.key();
    if (key == null) {
      return null;
    }
    rows.clear();
    Keyspace keyspace = source.open(execution);
    return rows.fetch(keyspace, key, 0, key.length) && decoder.decode(rows)
        ? decoder.output()
        : null;
  }

  @Override
  public void close() {
    context = null;
  }
}
