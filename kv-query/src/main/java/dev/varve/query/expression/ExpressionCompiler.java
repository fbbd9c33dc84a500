// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.And;
import dev.varve.query.expression.Expression.Branch;
import dev.varve.query.expression.Expression.Call;
import dev.varve.query.expression.Expression.Case;
import dev.varve.query.expression.Expression.Cast;
import dev.varve.query.expression.Expression.Coalesce;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expression.Comparison;
import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.expression.Expression.In;
import dev.varve.query.expression.Expression.IsBoolean;
import dev.varve.query.expression.Expression.IsNull;
import dev.varve.query.expression.Expression.Not;
import dev.varve.query.expression.Expression.Or;
import dev.varve.query.expression.Expression.Parameter;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes evaluators for expressions whose columns are indexes into the batch. Stateless. */
public final class ExpressionCompiler {
  private final EvaluationContext context;

  /** A compiler whose evaluators ask {@code context}, also after it has changed. */
  public ExpressionCompiler(EvaluationContext context) {
    this.context = context;
  }

  /** An evaluator of its own for {@code expression}. */
  public Evaluator compile(Expression expression) {
    if (expression instanceof ColumnReference column) {
      return new ColumnEvaluator(column.column());
    } else if (expression instanceof Constant constant) {
      return new ConstantEvaluator(constant);
    } else if (expression instanceof Parameter parameter) {
      return new ParameterEvaluator(parameter, context);
    } else if (expression instanceof Call call) {
      return call.function().evaluator(call, compileAll(call.arguments()), context);
    } else if (expression instanceof Cast cast) {
      return Casts.evaluator(cast, compile(cast.operand()), context);
    } else if (expression instanceof Comparison c) {
      return ComparisonEvaluator.of(
          c.operator(), c.left().type().kind(), compile(c.left()), compile(c.right()));
    } else if (expression instanceof And and) {
      return new ConjunctionEvaluator(compileAll(and.operands()), true);
    } else if (expression instanceof Or or) {
      return new ConjunctionEvaluator(compileAll(or.operands()), false);
    } else if (expression instanceof Not not) {
      return new TestEvaluators.Negation(compile(not.operand()));
    } else if (expression instanceof IsNull test) {
      return new TestEvaluators.NullTest(compile(test.operand()), test.negated());
    } else if (expression instanceof IsBoolean test) {
      return new TestEvaluators.BooleanTest(
          compile(test.operand()), test.expected(), test.negated());
    } else if (expression instanceof Case cases) {
      return compileCase(cases);
    } else if (expression instanceof Coalesce coalesce) {
      return new CoalesceEvaluator(coalesce.type(), compileAll(coalesce.operands()));
    }
    return compileIn((In) expression);
  }

  /** Evaluators for all of {@code expressions}. */
  public List<Evaluator> compileAll(List<Expression> expressions) {
    List<Evaluator> evaluators = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      evaluators.add(compile(expression));
    }
    return evaluators;
  }

  /** The value of an expression that refers to no column, as {@link Vector#datum} has it. */
  public @Nullable Object value(Expression expression) {
    if (expression instanceof Constant constant) {
      return constant.value();
    }
    if (expression instanceof Parameter parameter) {
      return context.parameter(parameter.index());
    }
    Batch row = new Batch();
    row.setCount(1);
    return compile(expression).evaluate(row).datum(0);
  }

  private Evaluator compileCase(Case cases) {
    List<Evaluator> conditions = new ArrayList<>();
    List<Evaluator> results = new ArrayList<>();
    for (Branch branch : cases.branches()) {
      conditions.add(compile(branch.condition()));
      results.add(compile(branch.result()));
    }
    return new CaseEvaluator(cases.type(), conditions, results, compile(cases.otherwise()));
  }

  private Evaluator compileIn(In in) {
    Evaluator operand = compile(in.operand());
    if (in.list().stream().allMatch(Constant.class::isInstance)) {
      return new InSetEvaluator(
          operand,
          in.operand().type(),
          in.list().stream().map(Constant.class::cast).toList(),
          in.negated());
    }
    return new InListEvaluator(operand, compileAll(in.list()), in.negated());
  }
}
