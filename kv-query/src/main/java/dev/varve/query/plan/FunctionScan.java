// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rows that functions yield, side by side; the shorter ones are filled with NULLs.
 *
 * @param ordinality whether the last column counts the rows from 1
 */
public record FunctionScan(List<Call> calls, boolean ordinality, List<PlanColumn> output)
    implements LogicalPlan {
  /** Copies. */
  public FunctionScan {
    calls = List.copyOf(calls);
    output = List.copyOf(output);
  }

  /** A table function and its arguments. */
  public record Call(TableFunction function, List<Expression> arguments) {
    /** Copies. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    /** The same call with its arguments replaced. */
    public Call map(UnaryOperator<Expression> replacement) {
      return new Call(function, arguments.stream().map(replacement).toList());
    }
  }

  @Override
  public List<LogicalPlan> children() {
    return List.of();
  }

  @Override
  public FunctionScan withChildren(List<LogicalPlan> children) {
    return this;
  }

  @Override
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    calls.forEach(call -> all.addAll(call.arguments()));
    return all;
  }

  @Override
  public FunctionScan mapExpressions(UnaryOperator<Expression> replacement) {
    return new FunctionScan(
        calls.stream().map(call -> call.map(replacement)).toList(), ordinality, output);
  }
}
