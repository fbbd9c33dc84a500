// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.expression.Position;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.spill.SpillDirectory;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Vector;
import dev.varve.testkit.Seed;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortOperatorTest {
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.INTEGER,
          SqlType.TEXT,
          SqlType.NUMERIC,
          SqlType.DOUBLE,
          SqlType.BIGINT,
          SqlType.INTERVAL);

  @TempDir private Path directory;

  private static List<Object> row(RandomGenerator random, int number) {
    List<Object> row = new ArrayList<>();
    row.add(random.nextInt(9) == 0 ? null : random.nextInt(40) - 20);
    row.add(
        random.nextInt(9) == 0 ? null : "t" + "x".repeat(random.nextInt(12)) + random.nextInt(5));
    row.add(
        random.nextInt(9) == 0
            ? null
            : random.nextBoolean()
                ? BigDecimal.valueOf(random.nextInt(200) - 100, random.nextInt(4))
                : new BigDecimal(
                    java.math.BigInteger.valueOf(random.nextLong())
                        .multiply(java.math.BigInteger.valueOf(random.nextLong())),
                    random.nextInt(30)));
    row.add(random.nextInt(9) == 0 ? null : random.nextGaussian());
    row.add((long) number);
    row.add(new dev.varve.Interval(random.nextInt(3), random.nextInt(90), random.nextInt(5)));
    return row;
  }

  private static Comparator<List<Object>> comparator(List<SortOrder> keys) {
    return (left, right) -> {
      for (SortOrder key : keys) {
        SqlType type = TYPES.get(key.column());
        Vector values = Vector.allocate(type, 2);
        values.setDatum(0, left.get(key.column()));
        values.setDatum(1, right.get(key.column()));
        boolean leftNull = values.isNull(0);
        boolean rightNull = values.isNull(1);
        int order =
            leftNull || rightNull
                ? leftNull == rightNull ? 0 : leftNull == key.nullsFirst() ? -1 : 1
                : key.descending() ? values.compare(1, values, 0) : values.compare(0, values, 1);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  private static List<SortOrder> keys(RandomGenerator random) {
    List<SortOrder> keys = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int column = random.nextInt(TYPES.size());
      keys.add(new SortOrder(column, random.nextBoolean(), random.nextBoolean()));
    }
    return keys;
  }

  @Test
  void sortsStablyInMemoryAndOnDisk() {
    Seed.run((seed, random) -> sortsStablyInMemoryAndOnDisk(random));
  }

  private void sortsStablyInMemoryAndOnDisk(RandomGenerator random) {
    for (int round = 0; round < 12; round++) {
      List<List<Object>> rows = new ArrayList<>();
      int count = random.nextInt(round % 3 == 0 ? 30_000 : 300);
      for (int i = 0; i < count; i++) {
        rows.add(row(random, i));
      }
      List<SortOrder> keys = keys(random);
      List<List<Object>> expected = new ArrayList<>(rows);
      expected.sort(comparator(keys));
      for (long memoryBytes : new long[] {64L << 20, 1}) {
        try (SpillDirectory spill = new SpillDirectory(directory.resolve("spill"))) {
          List<List<Object>> sorted =
              OperatorRun.rows(
                  context -> new SortOperator(new RowsOperator(TYPES, rows, 700), keys),
                  memoryBytes,
                  spill);
          assertEquals(expected, sorted);
          assertEquals(
              count > 20_000 && memoryBytes == 1, spill.spilledBytes() > 0 && count > 20_000);
        }
      }
    }
    assertFalse(Files.exists(directory.resolve("spill")), "temporary files stay behind");
  }

  @Test
  void theFirstRowsAreThoseOfTheWholeOrder() {
    Seed.run((seed, random) -> theFirstRowsAreThoseOfTheWholeOrder(random));
  }

  private void theFirstRowsAreThoseOfTheWholeOrder(RandomGenerator random) {
    for (int round = 0; round < 30; round++) {
      List<List<Object>> rows = new ArrayList<>();
      int count = random.nextInt(12_000);
      for (int i = 0; i < count; i++) {
        rows.add(row(random, i));
      }
      List<SortOrder> keys = keys(random);
      List<List<Object>> expected = new ArrayList<>(rows);
      expected.sort(comparator(keys));
      long limit = random.nextInt(5) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 20 : 3000);
      long offset = random.nextInt(10);
      int wanted = (int) Math.min(count, limit + offset);
      Constant most = new Constant(limit, SqlType.BIGINT, Position.NONE);
      Constant skip = new Constant(offset, SqlType.BIGINT, Position.NONE);
      for (long memoryBytes : new long[] {64L << 20, 300_000}) {
        try (SpillDirectory spill = new SpillDirectory(directory.resolve("spill"))) {
          List<List<Object>> top =
              OperatorRun.rows(
                  context -> new TopOperator(new RowsOperator(TYPES, rows, 900), keys, most, skip),
                  memoryBytes,
                  spill);
          assertTrue(top.size() >= wanted, top.size() + " " + wanted);
          assertEquals(expected.subList(0, wanted), top.subList(0, wanted));
        }
      }
    }
  }
}
