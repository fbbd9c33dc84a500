// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Arithmetic and bit operators of SMALLINT, INTEGER and BIGINT; overflow is an error. */
final class IntegerOperators {
  private IntegerOperators() {}

  static void register(Catalog catalog) {
    integers(catalog);
    bigints(catalog);
    smallints(catalog);
    bits(catalog);
  }

  private static void integers(Catalog catalog) {
    TypeKind kind = TypeKind.INTEGER;
    kernel(catalog, "+", kind, IntegerOperators::addInts);
    kernel(catalog, "-", kind, IntegerOperators::subtractInts);
    kernel(catalog, "*", kind, IntegerOperators::multiplyInts);
    kernel(catalog, "/", kind, IntegerOperators::divideInts);
    kernel(catalog, "%", kind, IntegerOperators::remainderInts);
    catalog.row("-", kind, c -> c.set(narrow(-(long) c.integer(0), kind)), kind);
    catalog.row("+", kind, c -> c.set(c.integer(0)), kind);
    catalog.row("@", kind, c -> c.set(narrow(Math.abs((long) c.integer(0)), kind)), kind);
  }

  private static void bigints(Catalog catalog) {
    TypeKind kind = TypeKind.BIGINT;
    kernel(catalog, "+", kind, IntegerOperators::addLongs);
    kernel(catalog, "-", kind, IntegerOperators::subtractLongs);
    kernel(catalog, "*", kind, IntegerOperators::multiplyLongs);
    kernel(catalog, "/", kind, IntegerOperators::divideLongs);
    kernel(catalog, "%", kind, IntegerOperators::remainderLongs);
    catalog.row("-", kind, c -> c.set(negate(c.bigint(0))), kind);
    catalog.row("+", kind, c -> c.set(c.bigint(0)), kind);
    catalog.row("@", kind, c -> c.set(c.bigint(0) < 0 ? negate(c.bigint(0)) : c.bigint(0)), kind);
  }

  private static void smallints(Catalog catalog) {
    TypeKind kind = TypeKind.SMALLINT;
    catalog.row("+", kind, c -> c.set(narrow(c.integer(0) + c.integer(1), kind)), kind, kind);
    catalog.row("-", kind, c -> c.set(narrow(c.integer(0) - c.integer(1), kind)), kind, kind);
    catalog.row("*", kind, c -> c.set(narrow(c.integer(0) * c.integer(1), kind)), kind, kind);
    catalog.row(
        "/", kind, c -> c.set(narrow(c.integer(0) / nonZero(c.integer(1)), kind)), kind, kind);
    catalog.row("%", kind, c -> c.set(c.integer(0) % nonZero(c.integer(1))), kind, kind);
    catalog.row("-", kind, c -> c.set(narrow(-c.integer(0), kind)), kind);
    catalog.row("+", kind, c -> c.set(c.integer(0)), kind);
    catalog.row("@", kind, c -> c.set(narrow(Math.abs(c.integer(0)), kind)), kind);
  }

  private static void bits(Catalog catalog) {
    for (TypeKind kind : new TypeKind[] {TypeKind.SMALLINT, TypeKind.INTEGER}) {
      boolean isSmall = kind == TypeKind.SMALLINT;
      catalog.row("&", kind, c -> c.set(c.integer(0) & c.integer(1)), kind, kind);
      catalog.row("|", kind, c -> c.set(c.integer(0) | c.integer(1)), kind, kind);
      catalog.row("#", kind, c -> c.set(c.integer(0) ^ c.integer(1)), kind, kind);
      catalog.row("~", kind, c -> c.set(~c.integer(0)), kind);
      catalog.row(
          "<<",
          kind,
          c -> {
            int shifted = c.integer(0) << c.integer(1);
            c.set(isSmall ? (short) shifted : shifted);
          },
          kind,
          TypeKind.INTEGER);
      catalog.row(">>", kind, c -> c.set(c.integer(0) >> c.integer(1)), kind, TypeKind.INTEGER);
    }
    TypeKind big = TypeKind.BIGINT;
    catalog.row("&", big, c -> c.set(c.bigint(0) & c.bigint(1)), big, big);
    catalog.row("|", big, c -> c.set(c.bigint(0) | c.bigint(1)), big, big);
    catalog.row("#", big, c -> c.set(c.bigint(0) ^ c.bigint(1)), big, big);
    catalog.row("~", big, c -> c.set(~c.bigint(0)), big);
    catalog.row("<<", big, c -> c.set(c.bigint(0) << c.integer(1)), big, TypeKind.INTEGER);
    catalog.row(">>", big, c -> c.set(c.bigint(0) >> c.integer(1)), big, TypeKind.INTEGER);
  }

  private static void kernel(Catalog catalog, String name, TypeKind kind, BinaryKernel kernel) {
    catalog.vector(name, kind, kernel.factory(), kind, kind);
  }

  static int narrow(long value, TypeKind kind) {
    return Conversions.toInteger(value, kind);
  }

  static int nonZero(int divisor) {
    if (divisor == 0) {
      throw divisionByZero();
    }
    return divisor;
  }

  static long nonZero(long divisor) {
    if (divisor == 0) {
      throw divisionByZero();
    }
    return divisor;
  }

  static VarveException divisionByZero() {
    return ErrorCode.DIVISION_BY_ZERO.error("Division by zero.").build();
  }

  static long negate(long value) {
    if (value == Long.MIN_VALUE) {
      throw Conversions.outOfRange(TypeKind.BIGINT);
    }
    return -value;
  }

  private static void addInts(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    int[] a = ((IntVector) left).values;
    int[] b = ((IntVector) right).values;
    int[] z = ((IntVector) out).values;
    int overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      int x = a[row];
      int y = b[row];
      int sum = x + y;
      z[row] = sum;
      overflow |= (x ^ sum) & (y ^ sum);
    }
    if (overflow < 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row]) {
          narrow((long) a[row] + b[row], TypeKind.INTEGER);
        }
      }
    }
  }

  private static void subtractInts(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    int[] a = ((IntVector) left).values;
    int[] b = ((IntVector) right).values;
    int[] z = ((IntVector) out).values;
    int overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      int x = a[row];
      int y = b[row];
      int difference = x - y;
      z[row] = difference;
      overflow |= (x ^ y) & (x ^ difference);
    }
    if (overflow < 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row]) {
          narrow((long) a[row] - b[row], TypeKind.INTEGER);
        }
      }
    }
  }

  private static void multiplyInts(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    int[] a = ((IntVector) left).values;
    int[] b = ((IntVector) right).values;
    int[] z = ((IntVector) out).values;
    long overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long product = (long) a[row] * b[row];
      z[row] = (int) product;
      overflow |= product ^ (int) product;
    }
    if (overflow != 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row]) {
          narrow((long) a[row] * b[row], TypeKind.INTEGER);
        }
      }
    }
  }

  private static void divideInts(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    int[] a = ((IntVector) left).values;
    int[] b = ((IntVector) right).values;
    int[] z = ((IntVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        z[row] = narrow((long) a[row] / nonZero(b[row]), TypeKind.INTEGER);
      }
    }
  }

  private static void remainderInts(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    int[] a = ((IntVector) left).values;
    int[] b = ((IntVector) right).values;
    int[] z = ((IntVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        z[row] = a[row] % nonZero(b[row]);
      }
    }
  }

  private static void addLongs(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    long[] a = ((LongVector) left).values;
    long[] b = ((LongVector) right).values;
    long[] z = ((LongVector) out).values;
    long overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long x = a[row];
      long y = b[row];
      long sum = x + y;
      z[row] = sum;
      overflow |= (x ^ sum) & (y ^ sum);
    }
    if (overflow < 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row] && ((a[row] ^ z[row]) & (b[row] ^ z[row])) < 0) {
          throw Conversions.outOfRange(TypeKind.BIGINT);
        }
      }
    }
  }

  private static void subtractLongs(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    long[] a = ((LongVector) left).values;
    long[] b = ((LongVector) right).values;
    long[] z = ((LongVector) out).values;
    long overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long x = a[row];
      long y = b[row];
      long difference = x - y;
      z[row] = difference;
      overflow |= (x ^ y) & (x ^ difference);
    }
    if (overflow < 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row] && ((a[row] ^ b[row]) & (a[row] ^ z[row])) < 0) {
          throw Conversions.outOfRange(TypeKind.BIGINT);
        }
      }
    }
  }

  private static void multiplyLongs(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    long[] a = ((LongVector) left).values;
    long[] b = ((LongVector) right).values;
    long[] z = ((LongVector) out).values;
    long overflow = 0;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long product = a[row] * b[row];
      z[row] = product;
      overflow |= Math.multiplyHigh(a[row], b[row]) ^ product >> 63;
    }
    if (overflow != 0) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!out.nulls[row] && Math.multiplyHigh(a[row], b[row]) != z[row] >> 63) {
          throw Conversions.outOfRange(TypeKind.BIGINT);
        }
      }
    }
  }

  private static void divideLongs(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    long[] a = ((LongVector) left).values;
    long[] b = ((LongVector) right).values;
    long[] z = ((LongVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        z[row] = b[row] == -1 ? negate(a[row]) : a[row] / nonZero(b[row]);
      }
    }
  }

  private static void remainderLongs(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    long[] a = ((LongVector) left).values;
    long[] b = ((LongVector) right).values;
    long[] z = ((LongVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        z[row] = a[row] % nonZero(b[row]);
      }
    }
  }
}
