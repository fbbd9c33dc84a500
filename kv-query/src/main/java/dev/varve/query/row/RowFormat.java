// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.query.type.SqlType;

/**
 * The bytes of a stored row. Where a column stands depends only on the types before it, on the
 * number of columns the row was written with, and, for variable-length ones, on the row's own table
 * of ends; so any column is reached without reading others, and a row written before columns were
 * added stays readable.
 *
 * <pre>
 * offset  size            what
 * 0       1               bits 0-1: width of an end: 0 one byte, 1 two, 2 four; bits 2-7: version, 0
 * 1       2               n, the number of columns, little-endian
 * 3       (n + 7) / 8     nulls: bit c % 8 of byte c / 8 is set when column c is NULL
 * ..      sum of widths   fixed-width columns in order, zero when NULL, little-endian
 * ..      v * width       for each variable-length column: where it ends, from the begin of the last part
 * ..                      variable-length columns in order
 * </pre>
 *
 * Widths: BOOLEAN 1, SMALLINT 2, INTEGER, DATE, REAL 4, BIGINT, DOUBLE PRECISION, TIME, TIMESTAMP,
 * TIMESTAMPTZ 8, INTERVAL (months, days, microseconds) and UUID (big-endian) 16, NUMERIC of up to 18
 * digits with a scale of its own 8 (the digits; the least long is NaN). Any other NUMERIC is two bytes
 * of scale (or a negative mark: -2 NaN, -3 infinity, -4 -infinity) and two's complement, big-endian;
 * text is UTF-8.
 */
final class RowFormat {
  static final int VERSION = 0;
  static final int HEADER_BYTES = 3;
  static final int COUNT_OFFSET = 1;
  static final int MAX_COLUMNS = 1600;

  /** The digits that stand for NaN in a fixed-width NUMERIC. */
  static final long NAN_DIGITS = Long.MIN_VALUE;

  /** The most digits of a fixed-width NUMERIC. */
  static final int FIXED_DIGITS = 18;

  private RowFormat() {}

  /** The width of a column in bytes; 0 when variable. */
  static int width(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> 1;
      case SMALLINT -> 2;
      case INTEGER, DATE, REAL -> 4;
      case BIGINT, DOUBLE, TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
      case INTERVAL, UUID -> 16;
      case NUMERIC -> isFixed(type) ? 8 : 0;
      case UNKNOWN, TEXT, VARCHAR, CHAR, BYTEA -> 0;
    };
  }

  private static boolean isFixed(SqlType type) {
    return type.hasModifier() && type.size() <= FIXED_DIGITS && type.scale() >= 0;
  }
}
