// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link Rows}, valid until the iterator moves. Columns count from 0 or go by name,
 * ignoring case. A conversion that would lose something is a {@link VarveException}; so is reading a
 * NULL as a primitive.
 */
public interface Row {
  /** The number of columns. */
  int size();

  /** Whether the column is NULL. */
  boolean isNull(int column);

  /** Whether the column is NULL. */
  boolean isNull(String column);

  /**
   * The column as the Java type that fits its SQL type: Boolean, Short, Integer, Long, Float, Double,
   * BigDecimal, String, byte[], LocalDate, LocalTime, LocalDateTime, OffsetDateTime, UUID, {@link
   * Interval}.
   */
  @Nullable Object getObject(int column);

  /** As {@link #getObject(int)}. */
  @Nullable Object getObject(String column);

  /** The column converted to {@code type}. */
  <T> @Nullable T get(int column, Class<T> type);

  /** The column converted to {@code type}. */
  <T> @Nullable T get(String column, Class<T> type);

  /** The column as a boolean. */
  boolean getBoolean(int column);

  /** The column as a boolean. */
  boolean getBoolean(String column);

  /** The column as an int. */
  int getInt(int column);

  /** The column as an int. */
  int getInt(String column);

  /** The column as a long. */
  long getLong(int column);

  /** The column as a long. */
  long getLong(String column);

  /** The column as a double. */
  double getDouble(int column);

  /** The column as a double. */
  double getDouble(String column);

  /** The column as text, as PostgreSQL prints it. */
  @Nullable String getString(int column);

  /** The column as text, as PostgreSQL prints it. */
  @Nullable String getString(String column);

  /** The column as a decimal number. */
  @Nullable BigDecimal getBigDecimal(int column);

  /** The column as a decimal number. */
  @Nullable BigDecimal getBigDecimal(String column);

  /** The column as bytes. */
  byte @Nullable [] getBytes(int column);

  /** The column as bytes. */
  byte @Nullable [] getBytes(String column);
}
