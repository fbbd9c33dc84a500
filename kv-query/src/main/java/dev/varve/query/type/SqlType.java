// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A SQL type: a kind and its modifiers. Immutable; equal when kind and modifiers are.
 *
 * @param kind the kind
 * @param size NUMERIC: precision; VARCHAR, CHAR: length in characters; TIME, TIMESTAMP, TIMESTAMPTZ,
 *     INTERVAL: digits of the second; {@link #NONE} when not given
 * @param scale NUMERIC: digits after the point, from -1000 to 1000; INTERVAL: the ordinal of its
 *     {@link IntervalFields}; 0 otherwise
 */
public record SqlType(TypeKind kind, int size, int scale) {
  /** No modifier given. */
  public static final int NONE = -1;

  public static final SqlType UNKNOWN = of(TypeKind.UNKNOWN);
  public static final SqlType BOOLEAN = of(TypeKind.BOOLEAN);
  public static final SqlType SMALLINT = of(TypeKind.SMALLINT);
  public static final SqlType INTEGER = of(TypeKind.INTEGER);
  public static final SqlType BIGINT = of(TypeKind.BIGINT);
  public static final SqlType NUMERIC = of(TypeKind.NUMERIC);
  public static final SqlType REAL = of(TypeKind.REAL);
  public static final SqlType DOUBLE = of(TypeKind.DOUBLE);
  public static final SqlType TEXT = of(TypeKind.TEXT);
  public static final SqlType VARCHAR = of(TypeKind.VARCHAR);
  public static final SqlType CHAR = of(TypeKind.CHAR);
  public static final SqlType BYTEA = of(TypeKind.BYTEA);
  public static final SqlType DATE = of(TypeKind.DATE);
  public static final SqlType TIME = of(TypeKind.TIME);
  public static final SqlType TIMESTAMP = of(TypeKind.TIMESTAMP);
  public static final SqlType TIMESTAMPTZ = of(TypeKind.TIMESTAMPTZ);
  public static final SqlType INTERVAL = of(TypeKind.INTERVAL);
  public static final SqlType UUID = of(TypeKind.UUID);

  /** The type of {@code kind} without modifiers. */
  public static SqlType of(TypeKind kind) {
    return new SqlType(kind, NONE, 0);
  }

  /** NUMERIC(precision, scale). */
  public static SqlType numeric(int precision, int scale) {
    return new SqlType(TypeKind.NUMERIC, precision, scale);
  }

  /** VARCHAR(length). */
  public static SqlType varchar(int length) {
    return new SqlType(TypeKind.VARCHAR, length, 0);
  }

  /** CHAR(length). */
  public static SqlType character(int length) {
    return new SqlType(TypeKind.CHAR, length, 0);
  }

  /** TIME, TIMESTAMP, TIMESTAMPTZ or INTERVAL with {@code digits} of the second, 0 to 6. */
  public static SqlType temporal(TypeKind kind, int digits) {
    return new SqlType(kind, digits, 0);
  }

  /** INTERVAL restricted to some fields, for instance DAY TO SECOND. */
  public static SqlType interval(IntervalFields fields, int digits) {
    return new SqlType(TypeKind.INTERVAL, digits, fields.ordinal());
  }

  /** The fields that an INTERVAL type keeps. */
  public IntervalFields intervalFields() {
    return IntervalFields.of(scale);
  }

  /** Whether a modifier is given. */
  public boolean hasModifier() {
    return size != NONE || kind == TypeKind.INTERVAL && scale != 0;
  }

  /** The same kind without modifiers. */
  public SqlType withoutModifier() {
    return hasModifier() ? of(kind) : this;
  }

  /**
   * The kind that a type name means, without modifiers: PostgreSQL's names and their usual synonyms,
   * lower or upper case, words separated by one blank. Null when there is no such type.
   */
  public static @Nullable TypeKind kindNamed(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "unknown" -> TypeKind.UNKNOWN;
      case "boolean", "bool" -> TypeKind.BOOLEAN;
      case "smallint", "int2", "smallserial", "serial2" -> TypeKind.SMALLINT;
      case "integer", "int", "int4", "serial", "serial4" -> TypeKind.INTEGER;
      case "bigint", "int8", "bigserial", "serial8", "oid" -> TypeKind.BIGINT;
      case "numeric", "decimal", "dec" -> TypeKind.NUMERIC;
      case "real", "float4" -> TypeKind.REAL;
      case "double precision", "float8", "float" -> TypeKind.DOUBLE;
      case "text", "string", "name", "clob" -> TypeKind.TEXT;
      case "character varying", "varchar", "char varying", "national character varying" ->
          TypeKind.VARCHAR;
      case "character", "char", "bpchar", "nchar", "national character" -> TypeKind.CHAR;
      case "bytea", "blob" -> TypeKind.BYTEA;
      case "date" -> TypeKind.DATE;
      case "time", "time without time zone" -> TypeKind.TIME;
      case "timestamp", "timestamp without time zone" -> TypeKind.TIMESTAMP;
      case "timestamptz", "timestamp with time zone" -> TypeKind.TIMESTAMPTZ;
      case "interval" -> TypeKind.INTERVAL;
      case "uuid" -> TypeKind.UUID;
      default -> null;
    };
  }

  /** As PostgreSQL's format_type prints it, for instance {@code numeric(10,2)}. */
  @Override
  public String toString() {
    if (!hasModifier()) {
      return kind.sqlName();
    }
    return switch (kind) {
      case INTERVAL ->
          "interval" + intervalFields().suffix() + (size == NONE ? "" : "(" + size + ")");
      case NUMERIC -> "numeric(" + size + "," + scale + ")";
      case TIME -> "time(" + size + ") without time zone";
      case TIMESTAMP -> "timestamp(" + size + ") without time zone";
      case TIMESTAMPTZ -> "timestamp(" + size + ") with time zone";
      default -> kind.sqlName() + "(" + size + ")";
    };
  }
}
