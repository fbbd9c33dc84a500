// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockWait;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody.Select;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.LockRows;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;

/** The rows that FOR UPDATE and FOR SHARE lock. */
final class Locking {
  private final Scope scope;
  private final List<Query.Locking> clauses;
  private final List<LockRows.Target> targets = new ArrayList<>();
  private final List<PlanColumn> keys = new ArrayList<>();

  Locking(Scope scope, List<Query.Locking> clauses) {
    this.scope = scope;
    this.clauses = clauses;
    clauses.forEach(this::collect);
  }

  private void collect(Query.Locking clause) {
    for (Identifier name : clause.of()) {
      if (scope.relation(List.of(name.name())) == null) {
        throw ErrorCode.UNDEFINED_TABLE
            .error(
                "Relation \"" + name.name() + "\" in FOR UPDATE clause not found in FROM clause.")
            .position(name.span().position())
            .build();
      }
    }
    for (Scope.Relation relation : scope.relations()) {
      BoundTable table = relation.table();
      boolean isMeant =
          clause.of().isEmpty()
              || clause.of().stream().anyMatch(name -> name.name().equals(relation.name()));
      if (isMeant && table != null && !keys.contains(table.rowKey())) {
        keys.add(table.rowKey());
        targets.add(
            new LockRows.Target(
                table.definition(), table.rowKey().id(), mode(clause), wait(clause)));
      }
    }
  }

  private static LockMode mode(Query.Locking clause) {
    return switch (clause.strength()) {
      case UPDATE, NO_KEY_UPDATE -> LockMode.EXCLUSIVE;
      case SHARE, KEY_SHARE -> LockMode.SHARED;
    };
  }

  private static LockWait wait(Query.Locking clause) {
    return switch (clause.conflict()) {
      case WAIT -> LockWait.WAIT;
      case NOWAIT -> LockWait.NOWAIT;
      case SKIP_LOCKED -> LockWait.SKIP;
    };
  }

  /** Refuses to lock where result rows are not rows of tables. */
  void check(Select select, boolean aggregates, boolean windows) {
    if (clauses.isEmpty()) {
      return;
    }
    String with =
        select.distinct() != null
            ? "DISTINCT clause"
            : select.groupBy() != null
                ? "GROUP BY clause"
                : select.having() != null
                    ? "HAVING clause"
                    : aggregates ? "aggregate functions" : windows ? "window functions" : null;
    if (with != null) {
      throw ErrorCode.NOT_SUPPORTED
          .error("FOR UPDATE is not allowed with " + with + ".")
          .position(clauses.get(0).span().position())
          .build();
    }
  }

  /** What the projection must hand through. */
  List<Assignment> keys() {
    return keys.stream().map(Assignment::identity).toList();
  }

  LogicalPlan lock(LogicalPlan plan) {
    return targets.isEmpty() ? plan : new LockRows(plan, targets);
  }
}
