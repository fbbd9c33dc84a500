// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ScalarFunction;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One registered overload of a scalar function or operator. */
final class Overload implements ScalarFunction {
  /** Makes evaluators. */
  interface Factory {
    /** An evaluator for {@code call}, given those of its arguments. */
    Evaluator create(Expression.Call call, List<Evaluator> arguments, EvaluationContext context);
  }

  private final String name;
  private final @Nullable TypeKind[] parameters;
  private final boolean variadic;
  private final Function<List<SqlType>, SqlType> result;
  private final Volatility volatility;
  private final boolean strict;
  private final Factory factory;

  /**
   * @param parameters a null stands for any type
   * @param variadic whether the last parameter may be repeated
   * @param result the type of the result, from the types of the arguments
   */
  Overload(
      String name,
      @Nullable TypeKind[] parameters,
      boolean variadic,
      Function<List<SqlType>, SqlType> result,
      Volatility volatility,
      boolean strict,
      Factory factory) {
    this.name = name;
    this.parameters = parameters.clone();
    this.variadic = variadic;
    this.result = result;
    this.volatility = volatility;
    this.strict = strict;
    this.factory = factory;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Volatility volatility() {
    return volatility;
  }

  @Override
  public boolean isStrict() {
    return strict;
  }

  /** Whether it can be called with {@code count} arguments. */
  boolean accepts(int count) {
    return variadic ? count >= parameters.length : count == parameters.length;
  }

  /** The type that argument {@code index} must have; null for any. */
  @Nullable TypeKind parameter(int index) {
    return parameters[Math.min(index, parameters.length - 1)];
  }

  boolean isVariadic() {
    return variadic;
  }

  int parameterCount() {
    return parameters.length;
  }

  /** The type of the result for arguments of these types. */
  SqlType resultType(List<SqlType> arguments) {
    return result.apply(arguments);
  }

  @Override
  public Evaluator evaluator(
      Expression.Call call, List<Evaluator> arguments, EvaluationContext context) {
    return factory.create(call, arguments, context);
  }

  /** As messages show it: {@code name(type, type)}. */
  String signature() {
    StringBuilder text = new StringBuilder(name).append('(');
    for (int i = 0; i < parameters.length; i++) {
      TypeKind kind = parameters[i];
      text.append(i == 0 ? "" : ", ")
          .append(variadic && i == parameters.length - 1 ? "VARIADIC " : "")
          .append(kind == null ? "any" : kind.sqlName());
    }
    return text.append(')').toString();
  }

  @Override
  public String toString() {
    return signature();
  }
}
