// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.ast.TableReference.JoinCondition;
import dev.varve.query.binder.FromBinder.Result;
import dev.varve.query.binder.Scope.Entry;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import dev.varve.query.expression.Position;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Binds joins with ON, USING and NATURAL. */
final class JoinBinder {
  private final FromBinder from;
  private final Binding binding;

  JoinBinder(FromBinder from, Binding binding) {
    this.from = from;
    this.binding = binding;
  }

  Result bind(TableReference.Join join, Scope before) {
    Result left = from.bindRight(join.left(), before);
    Scope visible = before.with(left.scope(), join.span());
    Result right = from.bindRight(join.right(), visible);
    Scope both = left.scope().with(right.scope(), join.span());
    JoinKind kind = kind(join.kind());
    checkLateral(kind, left, right, join);
    Result result;
    if (join.condition() instanceof JoinCondition.Using using) {
      result = using(kind, left, right, both, using.columns(), join.span());
    } else if (join.condition() instanceof JoinCondition.Natural) {
      result = using(kind, left, right, both, common(left, right), join.span());
    } else if (join.condition() instanceof JoinCondition.On on) {
      result = new Result(on(kind, left, right, both, on), both);
    } else {
      result = new Result(new Join(kind, left.plan(), right.plan(), List.of()), both);
    }
    return join.alias() == null
        ? result
        : new Result(result.plan(), FromBinder.renamed(result.scope(), join.alias(), join.span()));
  }

  private static void checkLateral(
      JoinKind kind, Result left, Result right, TableReference.Join join) {
    if (kind.keepsRight()
        && ColumnSet.free(right.plan()).intersects(ColumnSet.produced(left.plan()))) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error("Invalid reference to a FROM-clause entry on the left of this join.")
          .hint("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
          .position(join.right().span().position())
          .build();
    }
  }

  private static JoinKind kind(TableReference.JoinKind kind) {
    return switch (kind) {
      case INNER, CROSS -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
    };
  }

  // ON

  private LogicalPlan on(
      JoinKind kind, Result left, Result right, Scope both, JoinCondition.On on) {
    Block block = new Block(from.outer(), from.ctes(), both);
    block.setClause(Clause.ON);
    Expression condition =
        new ExpressionBinder(binding, block).condition(on.condition(), "JOIN/ON");
    List<Expression> conjuncts = Expressions.conjuncts(condition);
    List<Block.Pending> subqueries = block.takePending();
    if (subqueries.isEmpty()) {
      return new Join(kind, left.plan(), right.plan(), conjuncts);
    }
    return switch (kind) {
      case INNER -> {
        LogicalPlan crossed = new Join(kind, left.plan(), right.plan(), List.of());
        yield Filter.of(Block.attach(crossed, subqueries), conjuncts);
      }
      case LEFT -> left(left.plan(), right.plan(), subqueries, conjuncts);
      case RIGHT -> left(right.plan(), left.plan(), subqueries, conjuncts);
      default -> full(left.plan(), right.plan(), subqueries, conjuncts, on);
    };
  }

  private static LogicalPlan left(
      LogicalPlan left,
      LogicalPlan right,
      List<Block.Pending> subqueries,
      List<Expression> conjuncts) {
    return reads(subqueries, left)
        ? new Join(
            JoinKind.LEFT, left, Filter.of(Block.attach(right, subqueries), conjuncts), List.of())
        : new Join(JoinKind.LEFT, left, Block.attach(right, subqueries), conjuncts);
  }

  private static LogicalPlan full(
      LogicalPlan left,
      LogicalPlan right,
      List<Block.Pending> subqueries,
      List<Expression> conjuncts,
      JoinCondition.On on) {
    if (!reads(subqueries, left)) {
      return new Join(JoinKind.FULL, left, Block.attach(right, subqueries), conjuncts);
    }
    if (!reads(subqueries, right)) {
      return new Join(JoinKind.FULL, Block.attach(left, subqueries), right, conjuncts);
    }
    throw ExpressionBinder.unsupported(
        "FULL JOIN with a subquery over both sides in its condition", on.condition().span());
  }

  private static boolean reads(List<Block.Pending> subqueries, LogicalPlan side) {
    BitSet produced = ColumnSet.produced(side);
    for (Block.Pending subquery : subqueries) {
      if (ColumnSet.free(subquery.plan()).intersects(produced)
          || ColumnSet.read(subquery.comparisons()).intersects(produced)) {
        return true;
      }
    }
    return false;
  }

  // USING and NATURAL

  private static List<Identifier> common(Result left, Result right) {
    List<Identifier> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Entry entry : left.scope().star()) {
      if (!right.scope().named(entry.name()).isEmpty() && seen.add(entry.name())) {
        names.add(new Identifier(entry.name(), Span.NONE));
      }
    }
    return names;
  }

  private Result using(
      JoinKind kind, Result left, Result right, Scope both, List<Identifier> names, Span span) {
    ExpressionBuilder builder = binding.builder();
    List<Expression> conditions = new ArrayList<>();
    List<Entry> merged = new ArrayList<>();
    Set<Entry> hidden = new HashSet<>();
    List<Assignment> computed = new ArrayList<>();
    for (Identifier name : names) {
      Entry one = only(left.scope(), name, "left", span);
      Entry other = only(right.scope(), name, "right", span);
      Position at = Position.of(name.span().position());
      conditions.add(
          builder.compare(ComparisonOperator.EQUAL, one.expression(), other.expression(), at));
      Expression value = value(kind, one.expression(), other.expression(), at);
      if (!(value instanceof Expression.ColumnReference)) {
        PlanColumn column = binding.columns().column(name.name(), value.type(), true);
        computed.add(new Assignment(column, value));
        value = column.reference();
      }
      merged.add(new Entry(null, name.name(), value, false));
      hidden.add(one);
      hidden.add(other);
    }
    List<Entry> entries = new ArrayList<>(merged);
    for (Entry entry : both.entries()) {
      entries.add(
          hidden.contains(entry)
              ? new Entry(entry.relation(), entry.name(), entry.expression(), true)
              : entry);
    }
    LogicalPlan plan =
        Project.extending(new Join(kind, left.plan(), right.plan(), conditions), computed);
    return new Result(plan, both.withEntries(entries));
  }

  private Expression value(JoinKind kind, Expression left, Expression right, Position at) {
    ExpressionBuilder builder = binding.builder();
    if (kind == JoinKind.FULL) {
      return builder.call("coalesce", List.of(left, right), at);
    }
    Expression kept = kind == JoinKind.RIGHT ? right : left;
    return left.type().kind() == right.type().kind()
        ? kept
        : builder.coerce(kept, builder.commonType(List.of(left, right), "JOIN/USING", at));
  }

  private static Entry only(Scope scope, Identifier name, String side, Span span) {
    List<Entry> found = scope.named(name.name());
    int position = Math.max(name.span().position(), 0);
    if (found.isEmpty()) {
      throw ErrorCode.UNDEFINED_COLUMN
          .error(
              "Column \""
                  + name.name()
                  + "\" specified in USING clause does not exist in "
                  + side
                  + " table.")
          .position(position == 0 ? span.position() : position)
          .build();
    }
    if (found.size() > 1) {
      throw ErrorCode.AMBIGUOUS_COLUMN
          .error(
              "Common column name \""
                  + name.name()
                  + "\" appears more than once in "
                  + side
                  + " table.")
          .position(position == 0 ? span.position() : position)
          .build();
    }
    return found.get(0);
  }
}
