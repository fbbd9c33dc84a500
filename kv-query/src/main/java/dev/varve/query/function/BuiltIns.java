// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import java.util.List;
import java.util.Map;

/** The tables of built-in functions and operators, filled when the class is first used. */
final class BuiltIns {
  /** Scalar functions by name and operators by symbol. */
  static final Map<String, List<Overload>> SCALARS;

  /** Aggregate functions by name. */
  static final Map<String, List<AggregateOverload>> AGGREGATES;

  static {
    Catalog catalog = new Catalog();
    IntegerOperators.register(catalog);
    FloatOperators.register(catalog);
    NumericOperators.register(catalog);
    MathFunctions.register(catalog);
    TrigonometricFunctions.register(catalog);
    CharacterFunctions.register(catalog);
    TextFunctions.register(catalog);
    BinaryFunctions.register(catalog);
    PatternFunctions.register(catalog);
    DateTimeOperators.register(catalog);
    DateTimeFunctions.register(catalog);
    ExtractFunctions.register(catalog);
    TruncateFunctions.register(catalog);
    FormattingFunctions.register(catalog);
    SystemFunctions.register(catalog);
    AggregateFunctions.register(catalog);
    SCALARS = catalog.scalars();
    AGGREGATES = catalog.aggregates();
  }

  private BuiltIns() {}
}
