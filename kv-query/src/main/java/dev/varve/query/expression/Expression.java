// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound scalar expression: names resolved, types settled, conversions explicit. Immutable; equal
 * when they compute the same from the same columns, wherever they were written.
 */
public sealed interface Expression {
  /** The type of the result. */
  SqlType type();

  /** Where it was written. */
  Position position();

  /** The direct operands, in a fixed order. */
  default List<Expression> children() {
    return Expressions.children(this);
  }

  /** The same node over other operands, given in the order of {@link #children}. */
  default Expression withChildren(List<Expression> children) {
    return Expressions.withChildren(this, children);
  }

  /**
   * A value known now.
   *
   * @param value as {@link dev.varve.query.vector.Vector#datum} returns it; null is NULL
   */
  record Constant(@Nullable Object value, SqlType type, Position position) implements Expression {
    /** TRUE or FALSE. */
    public static Constant of(boolean value) {
      return new Constant(value, SqlType.BOOLEAN, Position.NONE);
    }

    /** NULL of a type. */
    public static Constant nullOf(SqlType type) {
      return new Constant(null, type, Position.NONE);
    }

    /** Whether it is TRUE. */
    public boolean isTrue() {
      return Boolean.TRUE.equals(value);
    }
  }

  /**
   * A column of the input. While a query is planned the number may be a plan-wide identity; when it
   * is compiled, it is the column's index in the batch.
   *
   * @param name for messages and EXPLAIN
   */
  record ColumnReference(int column, String name, SqlType type, Position position)
      implements Expression {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ColumnReference that
          && column == that.column
          && type.equals(that.type);
    }

    @Override
    public int hashCode() {
      return column;
    }
  }

  /**
   * A value that is given anew for each execution: a parameter of a prepared statement, counted from
   * 0, or one that the planner added behind those.
   */
  record Parameter(int index, SqlType type, Position position) implements Expression {}

  /** A function or operator applied to arguments that have the types it wants. */
  record Call(ScalarFunction function, List<Expression> arguments, SqlType type, Position position)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A conversion.
   *
   * @param explicit whether written by the user: then text is cut to length instead of being refused
   */
  record Cast(Expression operand, SqlType type, boolean explicit, Position position)
      implements Expression {}

  /** A comparison of two operands of the same kind of type. */
  record Comparison(
      ComparisonOperator operator, Expression left, Expression right, Position position)
      implements Expression {
    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /** All operands hold; evaluated from left to right, only where still undecided. */
  record And(List<Expression> operands, Position position) implements Expression {
    public And {
      operands = List.copyOf(operands);
    }

    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /** Some operand holds; evaluated from left to right, only where still undecided. */
  record Or(List<Expression> operands, Position position) implements Expression {
    public Or {
      operands = List.copyOf(operands);
    }

    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /** Negation; NULL stays NULL. */
  record Not(Expression operand, Position position) implements Expression {
    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /** IS NULL, or IS NOT NULL when negated; never NULL itself. */
  record IsNull(Expression operand, boolean negated, Position position) implements Expression {
    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /**
   * IS TRUE, IS FALSE (expected false), or their negations; never NULL itself. IS UNKNOWN is {@link
   * IsNull}.
   */
  record IsBoolean(Expression operand, boolean expected, boolean negated, Position position)
      implements Expression {
    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }

  /** A condition of CASE and its result. */
  record Branch(Expression condition, Expression result) {}

  /** A searched CASE; all results have its kind of type. A simple CASE is one with comparisons. */
  record Case(List<Branch> branches, Expression otherwise, SqlType type, Position position)
      implements Expression {
    public Case {
      branches = List.copyOf(branches);
    }
  }

  /** The first operand that is not NULL. */
  record Coalesce(List<Expression> operands, SqlType type, Position position)
      implements Expression {
    public Coalesce {
      operands = List.copyOf(operands);
    }
  }

  /** IN, or NOT IN when negated, over operands of one kind of type. */
  record In(Expression operand, List<Expression> list, boolean negated, Position position)
      implements Expression {
    public In {
      list = List.copyOf(list);
    }

    @Override
    public SqlType type() {
      return SqlType.BOOLEAN;
    }
  }
}
