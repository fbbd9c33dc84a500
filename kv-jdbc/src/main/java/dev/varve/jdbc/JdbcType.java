// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Interval;
import java.math.BigDecimal;
import java.sql.Types;
import java.util.UUID;

/**
 * A type of SQL as JDBC sees it, read from the name that results carry.
 *
 * @param code of {@link Types}
 * @param precision digits or characters, 0 when not limited
 */
record JdbcType(String name, int code, Class<?> javaClass, int precision, int scale, int display) {
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** The type called so, for instance {@code numeric(10,2)}. */
  static JdbcType of(String typeName) {
    int open = typeName.indexOf('(');
    int first = 0;
    int second = 0;
    String base = typeName;
    if (open >= 0) {
      int close = typeName.indexOf(')', open);
      String[] modifiers = typeName.substring(open + 1, close).split(",");
      first = Integer.parseInt(modifiers[0].trim());
      second = modifiers.length > 1 ? Integer.parseInt(modifiers[1].trim()) : 0;
      base = (typeName.substring(0, open) + typeName.substring(close + 1)).trim();
    }
    return switch (base) {
      case "boolean" -> new JdbcType("bool", Types.BOOLEAN, Boolean.class, 1, 0, 5);
      case "smallint" -> new JdbcType("int2", Types.SMALLINT, Integer.class, 5, 0, 6);
      case "integer" -> new JdbcType("int4", Types.INTEGER, Integer.class, 10, 0, 11);
      case "bigint" -> new JdbcType("int8", Types.BIGINT, Long.class, 19, 0, 20);
      case "real" -> new JdbcType("float4", Types.REAL, Float.class, 8, 8, 15);
      case "double precision" -> new JdbcType("float8", Types.DOUBLE, Double.class, 17, 17, 25);
      case "numeric" ->
          new JdbcType(
              "numeric",
              Types.NUMERIC,
              BigDecimal.class,
              first,
              second,
              first == 0 ? 131_089 : first + 2);
      case "character" -> text("bpchar", Types.CHAR, first);
      case "character varying" -> text("varchar", Types.VARCHAR, first);
      case "bytea" -> new JdbcType("bytea", Types.BINARY, byte[].class, UNLIMITED, 0, UNLIMITED);
      case "date" -> new JdbcType("date", Types.DATE, java.sql.Date.class, 13, 0, 13);
      case "time without time zone" ->
          new JdbcType("time", Types.TIME, java.sql.Time.class, 15, 6, 15);
      case "timestamp without time zone" ->
          new JdbcType("timestamp", Types.TIMESTAMP, java.sql.Timestamp.class, 29, 6, 29);
      case "timestamp with time zone" ->
          new JdbcType(
              "timestamptz",
              Types.TIMESTAMP_WITH_TIMEZONE,
              java.time.OffsetDateTime.class,
              35,
              6,
              35);
      case "interval" -> new JdbcType("interval", Types.OTHER, Interval.class, 49, 6, 49);
      case "uuid" -> new JdbcType("uuid", Types.OTHER, UUID.class, 36, 0, 36);
      default -> text("text", Types.VARCHAR, 0);
    };
  }

  private static JdbcType text(String name, int code, int length) {
    int size = length == 0 ? UNLIMITED : length;
    return new JdbcType(name, code, String.class, size, 0, size);
  }

  boolean isNumber() {
    return switch (code) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.DOUBLE, Types.NUMERIC ->
          true;
      default -> false;
    };
  }

  boolean isText() {
    return code == Types.VARCHAR || code == Types.CHAR;
  }
}
