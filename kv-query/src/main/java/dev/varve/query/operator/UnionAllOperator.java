// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of its children, one child after the other; all have the same types. */
public final class UnionAllOperator implements Operator {
  private final List<Operator> children;
  private @Nullable ExecutionContext context;
  private int current;

  /** The union of one child or more. */
  public UnionAllOperator(List<Operator> children) {
    this.children = List.copyOf(children);
  }

  @Override
  public List<SqlType> types() {
    return children.get(0).types();
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    current = 0;
    children.get(0).open(execution);
  }

  @Override
  public @Nullable Batch next() {
    while (current < children.size() && context != null) {
      Batch batch = children.get(current).next();
      if (batch != null) {
        return batch;
      }
      children.get(current).close();
      current++;
      if (current < children.size()) {
        children.get(current).open(context);
      }
    }
    return null;
  }

  @Override
  public void close() {
    context = null;
    Closing.all(children);
  }
}
