// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows that the caller of the plan supplies under a name. */
public final class GivenOperator implements Operator {
  private final String name;
  private final int[] columns;
  private final List<SqlType> types;
  private final Batch output;
  private @Nullable Operator source;

  /** Reads some columns of what {@link ExecutionContext#given} supplies. */
  public GivenOperator(String name, int[] columns, List<SqlType> types) {
    this.name = name;
    this.columns = columns.clone();
    this.types = List.copyOf(types);
    this.output = new Batch(new Vector[columns.length]);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext context) {
    source = context.given(name);
    source.open(context);
  }

  @Override
  public @Nullable Batch next() {
    Batch batch = source == null ? null : source.next();
    if (batch == null) {
      return null;
    }
    for (int i = 0; i < columns.length; i++) {
      output.setColumn(i, batch.column(columns[i]));
    }
    output.select(batch.selection(), batch.count());
    return output;
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
      source = null;
    }
  }
}
