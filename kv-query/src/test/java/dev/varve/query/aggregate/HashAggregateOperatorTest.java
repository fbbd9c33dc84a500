// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.sort.OperatorRun;
import dev.varve.query.sort.RowsOperator;
import dev.varve.query.spill.SpillDirectory;
import dev.varve.query.type.SqlType;
import dev.varve.testkit.Seed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashAggregateOperatorTest {
  private static final List<SqlType> TYPES =
      List.of(SqlType.INTEGER, SqlType.TEXT, SqlType.INTEGER, SqlType.BIGINT);

  private final ExpressionBuilder builder =
      new ExpressionBuilder(new FunctionRegistry(), new ParameterTypes(), ZoneOffset.UTC, 0);

  @TempDir private Path directory;

  private static ColumnReference column(int index) {
    return new ColumnReference(index, "c" + index, TYPES.get(index), Position.NONE);
  }

  private AggregateCall call(String name, boolean distinct, Expression... arguments) {
    return builder.aggregate(
        name, Arrays.asList(arguments), distinct, null, List.of(), Position.NONE);
  }

  private List<AggregateCall> calls() {
    Expression text = builder.cast(column(2), SqlType.TEXT, Position.NONE);
    Expression comma = builder.settle(ExpressionBuilder.literal(",", Position.NONE));
    Expression isSmall =
        builder.operator(
            "<",
            column(2),
            new Expression.Constant(3, SqlType.INTEGER, Position.NONE),
            Position.NONE);
    return List.of(
        call("count", false),
        call("sum", false, column(2)),
        call("avg", false, column(2)),
        call("max", false, column(1)),
        call("count", true, column(2)),
        builder.aggregate(
            "string_agg",
            List.of(text, comma),
            false,
            null,
            List.of(new SortKey(column(3), true, false)),
            Position.NONE),
        builder.aggregate("string_agg", List.of(text, comma), true, null, List.of(), Position.NONE),
        builder.aggregate("count", List.of(), false, isSmall, List.of(), Position.NONE));
  }

  private static List<List<Object>> random(RandomGenerator random, int count, int groups) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          Arrays.asList(
              random.nextInt(groups) == 0 ? null : random.nextInt(groups),
              random.nextInt(50) == 0 ? null : "k" + random.nextInt(3),
              random.nextInt(10) == 0 ? null : random.nextInt(6),
              (long) i));
    }
    return rows;
  }

  private static List<Object> expected(List<List<Object>> rows) {
    List<Integer> values =
        rows.stream().map(row -> (Integer) row.get(2)).filter(Objects::nonNull).toList();
    long sum = values.stream().mapToLong(Integer::longValue).sum();
    List<List<Object>> latestFirst = new ArrayList<>(rows);
    latestFirst.sort((a, b) -> Long.compare((Long) b.get(3), (Long) a.get(3)));
    List<String> texts =
        latestFirst.stream()
            .map(row -> row.get(2))
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .toList();
    List<Object> result = new ArrayList<>();
    result.add((long) rows.size());
    result.add(values.isEmpty() ? null : sum);
    result.add(
        values.isEmpty()
            ? null
            : BigDecimal.valueOf(sum)
                .divide(BigDecimal.valueOf(values.size()), 20, java.math.RoundingMode.HALF_UP));
    result.add(
        rows.stream()
            .map(row -> (String) row.get(1))
            .filter(Objects::nonNull)
            .max(String::compareTo)
            .orElse(null));
    result.add((long) new TreeSet<>(values).size());
    result.add(texts.isEmpty() ? null : String.join(",", texts));
    result.add(texts.isEmpty() ? null : String.join(",", new TreeSet<>(texts)));
    result.add(values.stream().filter(value -> value < 3).count());
    return result;
  }

  private static List<Object> comparable(List<Object> row) {
    return row.stream()
        .map(
            value ->
                value instanceof BigDecimal decimal
                    ? decimal.setScale(12, java.math.RoundingMode.HALF_UP)
                    : value)
        .toList();
  }

  @Test
  void groupsInMemoryAndOnDiskAlike() {
    Seed.run((seed, random) -> groupsInMemoryAndOnDiskAlike(random));
  }

  private void groupsInMemoryAndOnDiskAlike(RandomGenerator random) {
    for (int round = 0; round < 8; round++) {
      int[] keys = round % 3 == 0 ? new int[] {0} : round % 3 == 1 ? new int[] {1, 0} : new int[0];
      List<List<Object>> rows = random(random, random.nextInt(12_000), 1 + random.nextInt(3000));
      Map<List<Object>, List<List<Object>>> byKey = new LinkedHashMap<>();
      if (keys.length == 0) {
        byKey.put(List.of(), new ArrayList<>());
      }
      for (List<Object> row : rows) {
        List<Object> key = new ArrayList<>();
        for (int k : keys) {
          key.add(row.get(k));
        }
        byKey.computeIfAbsent(key, absent -> new ArrayList<>()).add(row);
      }
      for (long memoryBytes : new long[] {64L << 20, 40_000}) {
        try (SpillDirectory spill = new SpillDirectory(directory.resolve("spill"))) {
          List<List<Object>> result =
              OperatorRun.rows(
                  context ->
                      new HashAggregateOperator(
                          new RowsOperator(TYPES, rows, 500),
                          keys,
                          calls(),
                          new ExpressionCompiler(context)),
                  memoryBytes,
                  spill);
          Map<List<Object>, List<Object>> found = new HashMap<>();
          for (List<Object> row : result) {
            found.put(row.subList(0, keys.length), row.subList(keys.length, row.size()));
          }
          assertEquals(byKey.size(), result.size());
          byKey.forEach(
              (key, group) ->
                  assertEquals(
                      comparable(expected(group)), comparable(found.get(key)), key::toString));
        }
      }
    }
  }

  @Test
  void distinctRowsBeyondMemoryComeOnce() {
    Seed.run((seed, random) -> distinctRowsBeyondMemoryComeOnce(random));
  }

  private void distinctRowsBeyondMemoryComeOnce(RandomGenerator random) {
    List<List<Object>> rows = random(random, 60_000, 20_000);
    try (SpillDirectory spill = new SpillDirectory(directory.resolve("spill"))) {
      List<List<Object>> result =
          OperatorRun.rows(
              context ->
                  new HashAggregateOperator(
                      new RowsOperator(TYPES, rows, 2048),
                      new int[] {0, 1},
                      List.of(),
                      new ExpressionCompiler(context)),
              200_000,
              spill);
      assertEquals(
          new java.util.HashSet<>(rows.stream().map(row -> row.subList(0, 2)).toList()),
          new java.util.HashSet<>(result));
      assertEquals(rows.stream().map(row -> row.subList(0, 2)).distinct().count(), result.size());
      assertTrue(spill.spilledBytes() > 0);
    }
  }
}
