// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the definitions of built-in functions, class by class. */
final class Catalog {
  private final Map<String, List<Overload>> scalars = new HashMap<>();
  private final Map<String, List<AggregateOverload>> aggregates = new HashMap<>();

  /** The functions, immutable. */
  Map<String, List<Overload>> scalars() {
    Map<String, List<Overload>> copy = new HashMap<>();
    scalars.forEach((name, overloads) -> copy.put(name, List.copyOf(overloads)));
    return Map.copyOf(copy);
  }

  /** The aggregate functions, immutable. */
  Map<String, List<AggregateOverload>> aggregates() {
    Map<String, List<AggregateOverload>> copy = new HashMap<>();
    aggregates.forEach((name, overloads) -> copy.put(name, List.copyOf(overloads)));
    return Map.copyOf(copy);
  }

  /** Adds an overload that is computed row by row, strict and immutable. */
  void row(String name, TypeKind result, RowFunction function, TypeKind... parameters) {
    rows(name, parameters, false, result, Volatility.IMMUTABLE, true, function);
  }

  /** Adds an overload that is computed row by row, strict and stable. */
  void stable(String name, TypeKind result, RowFunction function, TypeKind... parameters) {
    rows(name, parameters, false, result, Volatility.STABLE, true, function);
  }

  /** Adds an overload that is computed row by row, strict and volatile. */
  void unstable(String name, TypeKind result, RowFunction function, TypeKind... parameters) {
    rows(name, parameters, false, result, Volatility.VOLATILE, true, function);
  }

  /** Adds an overload that is computed row by row. */
  void rows(
      String name,
      @Nullable TypeKind[] parameters,
      boolean variadic,
      TypeKind result,
      Volatility volatility,
      boolean strict,
      RowFunction function) {
    SqlType type = SqlType.of(result);
    add(
        new Overload(
            name,
            parameters,
            variadic,
            arguments -> type,
            volatility,
            strict,
            (call, arguments, context) ->
                new RowEvaluator(function, call.type(), arguments, strict, context)));
  }

  /** Adds an overload with an evaluator of its own. */
  void vector(String name, TypeKind result, Overload.Factory factory, TypeKind... parameters) {
    SqlType type = SqlType.of(result);
    add(
        new Overload(
            name, parameters, false, arguments -> type, Volatility.IMMUTABLE, true, factory));
  }

  /** Adds an overload. */
  void add(Overload overload) {
    scalars.computeIfAbsent(overload.name(), name -> new ArrayList<>()).add(overload);
  }

  /** Makes the overloads of {@code name} known as {@code alias} too. */
  void alias(String alias, String name) {
    scalars.put(alias, scalars.get(name));
  }

  /** Adds an aggregate function. */
  void aggregate(
      String name,
      List<@Nullable TypeKind> parameters,
      Function<List<SqlType>, AggregateFunction> bind) {
    aggregates
        .computeIfAbsent(name, key -> new ArrayList<>())
        .add(new AggregateOverload(name, parameters, bind));
  }
}
