// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.function.VarianceAccumulators.Kind;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Which aggregate functions there are, for which types. */
final class AggregateFunctions {
  private AggregateFunctions() {}

  static void register(Catalog catalog) {
    count(catalog);
    sums(catalog);
    extremes(catalog);
    logic(catalog);
    variances(catalog);
    regressions(catalog);
    for (TypeKind kind : new TypeKind[] {TypeKind.TEXT, TypeKind.BYTEA}) {
      catalog.aggregate(
          "string_agg",
          List.of(kind, kind),
          types ->
              new AggregateFunction(
                  "string_agg", types, SqlType.of(kind), true, TextAccumulator::new));
    }
  }

  private static void count(Catalog catalog) {
    catalog.aggregate("count", List.of(), AggregateFunctions::count);
    catalog.aggregate("count", Collections.singletonList(null), AggregateFunctions::count);
  }

  private static AggregateFunction count(List<SqlType> types) {
    return new AggregateFunction("count", types, SqlType.BIGINT, false, CountAccumulator::new);
  }

  private static void add(
      Catalog catalog,
      String name,
      TypeKind parameter,
      TypeKind result,
      Supplier<Accumulator> accumulators) {
    catalog.aggregate(
        name,
        List.of(parameter),
        types -> new AggregateFunction(name, types, SqlType.of(result), false, accumulators));
  }

  private static void sums(Catalog catalog) {
    for (boolean average : new boolean[] {false, true}) {
      String name = average ? "avg" : "sum";
      for (TypeKind kind : new TypeKind[] {TypeKind.SMALLINT, TypeKind.INTEGER}) {
        add(
            catalog,
            name,
            kind,
            average ? TypeKind.NUMERIC : TypeKind.BIGINT,
            () -> new SumAccumulators.Ints(average));
      }
      add(
          catalog,
          name,
          TypeKind.BIGINT,
          TypeKind.NUMERIC,
          () -> new SumAccumulators.Longs(average));
      add(catalog, name, TypeKind.NUMERIC, TypeKind.NUMERIC, () -> new NumericSum(average));
      add(
          catalog,
          name,
          TypeKind.REAL,
          average ? TypeKind.DOUBLE : TypeKind.REAL,
          () -> new SumAccumulators.Doubles(true, average));
      add(
          catalog,
          name,
          TypeKind.DOUBLE,
          TypeKind.DOUBLE,
          () -> new SumAccumulators.Doubles(false, average));
      add(
          catalog,
          name,
          TypeKind.INTERVAL,
          TypeKind.INTERVAL,
          () -> new SumAccumulators.Intervals(average));
    }
  }

  private static void extremes(Catalog catalog) {
    List<TypeKind> kinds =
        Arrays.stream(TypeKind.values())
            .filter(
                kind ->
                    kind != TypeKind.UNKNOWN
                        && kind != TypeKind.BOOLEAN
                        && kind != TypeKind.BYTEA
                        && kind != TypeKind.UUID
                        && kind != TypeKind.VARCHAR)
            .toList();
    for (boolean isMax : new boolean[] {false, true}) {
      String name = isMax ? "max" : "min";
      for (TypeKind kind : kinds) {
        SqlType type = SqlType.of(kind);
        catalog.aggregate(
            name,
            List.of(kind),
            types ->
                new AggregateFunction(
                    name,
                    types,
                    kind == TypeKind.CHAR ? types.get(0) : type,
                    false,
                    () -> ExtremeAccumulators.of(type, isMax)));
      }
    }
  }

  private static void logic(Catalog catalog) {
    for (String name : new String[] {"bool_and", "every", "bool_or"}) {
      boolean isAnd = !name.equals("bool_or");
      add(
          catalog,
          name,
          TypeKind.BOOLEAN,
          TypeKind.BOOLEAN,
          () -> new LogicAccumulators.Booleans(isAnd));
    }
    for (TypeKind kind : new TypeKind[] {TypeKind.SMALLINT, TypeKind.INTEGER, TypeKind.BIGINT}) {
      SqlType type = SqlType.of(kind);
      add(catalog, "bit_and", kind, kind, () -> new LogicAccumulators.Bits(type, '&'));
      add(catalog, "bit_or", kind, kind, () -> new LogicAccumulators.Bits(type, '|'));
      add(catalog, "bit_xor", kind, kind, () -> new LogicAccumulators.Bits(type, '#'));
    }
  }

  private static void variances(Catalog catalog) {
    variance(catalog, "variance", new Kind(true, false));
    variance(catalog, "var_samp", new Kind(true, false));
    variance(catalog, "var_pop", new Kind(false, false));
    variance(catalog, "stddev", new Kind(true, true));
    variance(catalog, "stddev_samp", new Kind(true, true));
    variance(catalog, "stddev_pop", new Kind(false, true));
  }

  private static void variance(Catalog catalog, String name, Kind kind) {
    for (TypeKind parameter :
        new TypeKind[] {TypeKind.SMALLINT, TypeKind.INTEGER, TypeKind.BIGINT, TypeKind.NUMERIC}) {
      catalog.aggregate(
          name,
          List.of(parameter),
          types ->
              new AggregateFunction(
                  name,
                  List.of(SqlType.NUMERIC),
                  SqlType.NUMERIC,
                  false,
                  () -> new VarianceAccumulators.Numerics(kind)));
    }
    add(
        catalog,
        name,
        TypeKind.DOUBLE,
        TypeKind.DOUBLE,
        () -> new VarianceAccumulators.Doubles(kind));
  }

  private static void regressions(Catalog catalog) {
    for (String name :
        new String[] {
          "corr", "covar_pop", "covar_samp", "regr_avgx", "regr_avgy", "regr_count",
          "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy"
        }) {
      SqlType type = name.equals("regr_count") ? SqlType.BIGINT : SqlType.DOUBLE;
      catalog.aggregate(
          name,
          List.of(TypeKind.DOUBLE, TypeKind.DOUBLE),
          types ->
              new AggregateFunction(
                  name, types, type, false, () -> new RegressionAccumulator(name)));
    }
  }
}
