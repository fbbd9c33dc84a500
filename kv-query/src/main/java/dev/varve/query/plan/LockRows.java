// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockWait;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Expression;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * FOR UPDATE and FOR SHARE: locks the rows of base tables that went into each row, and leaves out
 * those that another transaction removed or changed so that they no longer qualify.
 */
public record LockRows(LogicalPlan child, List<Target> targets) implements LogicalPlan {
  /** Copies. */
  public LockRows {
    targets = List.copyOf(targets);
  }

  /**
   * A table whose rows are locked.
   *
   * @param table where its rows are
   * @param key the column with a row's key in the keyspace ({@link Scan#rowKey})
   */
  public record Target(TableDefinition table, int key, LockMode mode, LockWait waiting) {}

  @Override
  public List<PlanColumn> output() {
    return child.output();
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of(child);
  }

  @Override
  public LockRows withChildren(List<LogicalPlan> children) {
    return new LockRows(children.get(0), targets);
  }

  @Override
  public List<Expression> expressions() {
    return List.of();
  }

  @Override
  public LockRows mapExpressions(UnaryOperator<Expression> replacement) {
    return this;
  }

  @Override
  public List<Integer> columnsRead() {
    return targets.stream().map(Target::key).toList();
  }
}
