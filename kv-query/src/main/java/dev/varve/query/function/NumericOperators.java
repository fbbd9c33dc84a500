// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic of NUMERIC. Values that fit a long are computed in longs as long as nothing overflows;
 * the rest is {@link NumericMath}'s.
 */
final class NumericOperators {
  private NumericOperators() {}

  static void register(Catalog catalog) {
    TypeKind kind = TypeKind.NUMERIC;
    BinaryKernel add =
        (l, r, selection, count, out) -> addOrSubtract(l, r, selection, count, out, 1);
    BinaryKernel subtract =
        (l, r, selection, count, out) -> addOrSubtract(l, r, selection, count, out, -1);
    BinaryKernel multiply = NumericOperators::multiply;
    BinaryKernel divide = NumericOperators::divide;
    BinaryKernel remainder = NumericOperators::remainder;
    catalog.vector("+", kind, add.factory(), kind, kind);
    catalog.vector("-", kind, subtract.factory(), kind, kind);
    catalog.vector("*", kind, multiply.factory(), kind, kind);
    catalog.vector("/", kind, divide.factory(), kind, kind);
    catalog.vector("%", kind, remainder.factory(), kind, kind);
    catalog.vector("mod", kind, remainder.factory(), kind, kind);
    catalog.row("-", kind, NumericOperators::negate, kind);
    catalog.row("+", kind, c -> c.copy(0), kind);
    catalog.row("@", kind, NumericOperators::abs, kind);
    catalog.row("abs", kind, NumericOperators::abs, kind);
  }

  private static void negate(Cells c) {
    NumericVector in = c.numerics(0);
    int scale = in.scales[c.row()];
    if (scale >= 0 && in.unscaled[c.row()] != Long.MIN_VALUE) {
      c.setNumeric(-in.unscaled[c.row()], scale);
    } else if (c.isFinite(0)) {
      c.set(c.numeric(0).negate());
    } else {
      c.set(NumericMath.negated(c.special(0)));
    }
  }

  private static void abs(Cells c) {
    if (c.isFinite(0)) {
      c.set(c.numeric(0).abs());
    } else {
      c.set(
          c.special(0) == NumericSpecial.NEGATIVE_INFINITY
              ? NumericSpecial.INFINITY
              : c.special(0));
    }
  }

  private static void addOrSubtract(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector result, int sign) {
    NumericVector l = (NumericVector) left;
    NumericVector r = (NumericVector) right;
    NumericVector out = (NumericVector) result;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      int scale = l.scales[row];
      int rightScale = r.scales[row];
      if (out.nulls[row]) {
        continue;
      }
      if (scale == rightScale && scale >= 0) {
        long x = l.unscaled[row];
        long y = r.unscaled[row];
        long sum = sign > 0 ? x + y : x - y;
        long overflow = sign > 0 ? (x ^ sum) & (y ^ sum) : (x ^ y) & (x ^ sum);
        if (overflow >= 0) {
          out.unscaled[row] = sum;
          out.scales[row] = (short) scale;
          continue;
        }
      } else if (scale >= 0
          && rightScale >= 0
          && r.unscaled[row] != Long.MIN_VALUE
          && addScaled(l.unscaled[row], scale, r.unscaled[row] * sign, rightScale, out, row)) {
        continue;
      }
      slowAdd(l, r, row, out, sign);
    }
  }

  /** Adds numbers of different scales in longs; false when they do not fit. */
  private static boolean addScaled(
      long x, int xScale, long y, int yScale, NumericVector out, int row) {
    int difference = xScale - yScale;
    if (Math.abs(difference) > 18) {
      return false;
    }
    long factor = Conversions.powerOfTen(Math.abs(difference));
    long scaled = difference > 0 ? y * factor : x * factor;
    long other = difference > 0 ? x : y;
    if (Math.multiplyHigh(difference > 0 ? y : x, factor) != scaled >> 63) {
      return false;
    }
    long sum = scaled + other;
    if (((scaled ^ sum) & (other ^ sum)) < 0) {
      return false;
    }
    out.unscaled[row] = sum;
    out.scales[row] = (short) Math.max(xScale, yScale);
    return true;
  }

  private static void slowAdd(
      NumericVector l, NumericVector r, int row, NumericVector out, int sign) {
    if (l.isFinite(row) && r.isFinite(row)) {
      BigDecimal x = l.decimal(row);
      BigDecimal y = r.decimal(row);
      out.set(row, NumericMath.checked(sign > 0 ? x.add(y) : x.subtract(y)));
      return;
    }
    NumericSpecial x = l.isFinite(row) ? null : l.special(row);
    NumericSpecial y = r.isFinite(row) ? null : r.special(row);
    out.set(row, NumericMath.addSpecial(x, sign > 0 || y == null ? y : NumericMath.negated(y)));
  }

  private static void multiply(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector result) {
    NumericVector l = (NumericVector) left;
    NumericVector r = (NumericVector) right;
    NumericVector out = (NumericVector) result;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      int scale = l.scales[row];
      int rightScale = r.scales[row];
      if (out.nulls[row]) {
        continue;
      }
      if (scale >= 0 && rightScale >= 0) {
        long x = l.unscaled[row];
        long y = r.unscaled[row];
        long product = x * y;
        if (Math.multiplyHigh(x, y) == product >> 63) {
          out.unscaled[row] = product;
          out.scales[row] = (short) (scale + rightScale);
          continue;
        }
      }
      if (l.isFinite(row) && r.isFinite(row)) {
        out.set(row, NumericMath.checked(l.decimal(row).multiply(r.decimal(row))));
      } else {
        out.set(
            row,
            NumericMath.multiplySpecial(NumericMath.signum(l, row), NumericMath.signum(r, row)));
      }
    }
  }

  private static void divide(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector result) {
    NumericVector l = (NumericVector) left;
    NumericVector r = (NumericVector) right;
    NumericVector out = (NumericVector) result;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        NumericMath.divide(l, r, row, out);
      }
    }
  }

  private static void remainder(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector result) {
    NumericVector l = (NumericVector) left;
    NumericVector r = (NumericVector) right;
    NumericVector out = (NumericVector) result;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (out.nulls[row]) {
        continue;
      }
      if (l.isFinite(row) && r.isFinite(row)) {
        BigDecimal x = l.decimal(row);
        BigDecimal y = NumericMath.nonZero(r.decimal(row));
        BigDecimal rest = x.remainder(y);
        out.set(row, rest.setScale(Math.max(x.scale(), y.scale())));
      } else {
        NumericMath.remainderSpecial(l, r, row, out);
      }
    }
  }
}
