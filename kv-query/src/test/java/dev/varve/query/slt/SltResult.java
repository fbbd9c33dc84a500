// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.slt;

import dev.varve.Row;
import dev.varve.Rows;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** The values of a result as sqllogictest writes them. */
final class SltResult {
  private final List<String[]> rows = new ArrayList<>();

  /** Reads all rows as columns of {@code types}. */
  static SltResult read(Rows rows, String types) {
    SltResult result = new SltResult();
    for (Row row : rows) {
      String[] values = new String[row.size()];
      for (int i = 0; i < values.length; i++) {
        char type = i < types.length() ? types.charAt(i) : 'T';
        values[i] = row.isNull(i) ? "NULL" : text(row, i, type);
      }
      result.rows.add(values);
    }
    return result;
  }

  private static String text(Row row, int column, char type) {
    Object value = row.getObject(column);
    return switch (type) {
      case 'I' -> integer(value, row.getString(column));
      case 'R' -> real(value, row.getString(column));
      default -> printable(row.getString(column), value);
    };
  }

  private static String integer(Object value, String text) {
    if (value instanceof Boolean flag) {
      return flag ? "1" : "0";
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.setScale(0, RoundingMode.DOWN).toPlainString();
    }
    if (value instanceof Double || value instanceof Float) {
      return String.valueOf(((Number) value).longValue());
    }
    if (value instanceof Number) {
      return text;
    }
    int end = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    String digits = text.substring(0, end);
    return digits.isEmpty() || digits.equals("-") || digits.equals("+") ? "0" : digits;
  }

  /** As C prints a double with {@code %.3f}. */
  private static String real(Object value, String text) {
    if (value instanceof Boolean flag) {
      return flag ? "1.000" : "0.000";
    }
    double real;
    if (value instanceof Number number) {
      real = number.doubleValue();
    } else {
      try {
        real = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return text;
      }
    }
    if (Double.isNaN(real)) {
      return "NaN";
    }
    if (Double.isInfinite(real)) {
      return real > 0 ? "Inf" : "-Inf";
    }
    String digits = new BigDecimal(real).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
    boolean negativeZero = digits.equals("0.000") && real < 0;
    return negativeZero ? "-0.000" : digits;
  }

  private static String printable(String text, Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "true" : "false";
    }
    byte[] bytes =
        value instanceof byte[] raw ? raw.clone() : text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0) {
      return "(empty)";
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        bytes[i] = '@';
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** The values, one a line, in the order of {@code sort}. */
  List<String> values(String sort) {
    if (sort.equals("rowsort")) {
      rows.sort(Arrays::compare);
    }
    List<String> values = new ArrayList<>();
    rows.forEach(row -> values.addAll(Arrays.asList(row)));
    if (sort.equals("valuesort")) {
      Collections.sort(values);
    }
    return values;
  }

  /** {@code N values hashing to MD5}. */
  static String hash(List<String> values) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (String value : values) {
        md5.update(value.getBytes(StandardCharsets.UTF_8));
        md5.update((byte) '\n');
      }
      return values.size() + " values hashing to " + HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
