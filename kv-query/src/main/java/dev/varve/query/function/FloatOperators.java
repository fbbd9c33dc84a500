// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Arithmetic of REAL and DOUBLE PRECISION; overflow and underflow are errors. */
final class FloatOperators {
  private FloatOperators() {}

  static void register(Catalog catalog) {
    TypeKind real = TypeKind.REAL;
    TypeKind wide = TypeKind.DOUBLE;
    TypeKind[][] shapes = {{wide, wide}, {real, wide}, {wide, real}};
    for (TypeKind[] shape : shapes) {
      catalog.vector("+", wide, kernel(FloatOperators::add), shape);
      catalog.vector("-", wide, kernel(FloatOperators::subtract), shape);
      catalog.vector("*", wide, kernel(FloatOperators::multiply), shape);
      catalog.vector("/", wide, kernel(FloatOperators::divide), shape);
    }
    catalog.row("+", real, c -> c.set(real(c.real(0) + c.real(1), c)), real, real);
    catalog.row("-", real, c -> c.set(real(c.real(0) - c.real(1), c)), real, real);
    catalog.row("*", real, c -> c.set(real(multiplied(c.real(0), c.real(1)), c)), real, real);
    catalog.row("/", real, c -> c.set(real(divided(c.real(0), c.real(1)), c)), real, real);
    for (TypeKind kind : new TypeKind[] {real, wide}) {
      catalog.row("-", kind, c -> c.set(-c.real(0)), kind);
      catalog.row("+", kind, c -> c.set(c.real(0)), kind);
      catalog.row("@", kind, c -> c.set(Math.abs(c.real(0))), kind);
    }
  }

  private static Overload.Factory kernel(BinaryKernel kernel) {
    return kernel.factory();
  }

  static VarveException overflow() {
    return ErrorCode.NUMERIC_OUT_OF_RANGE.error("Value out of range: overflow.").build();
  }

  static VarveException underflow() {
    return ErrorCode.NUMERIC_OUT_OF_RANGE.error("Value out of range: underflow.").build();
  }

  /** The result of an operation, checked against one whose operands were finite. */
  static double checked(double result, boolean operandsFinite) {
    if (Double.isInfinite(result) && operandsFinite) {
      throw overflow();
    }
    return result;
  }

  private static double real(double result, Cells c) {
    float rounded = (float) result;
    if (Float.isInfinite(rounded)
        && !Double.isInfinite(c.real(0))
        && !Double.isInfinite(c.real(1))) {
      throw overflow();
    }
    if (rounded == 0 && result != 0) {
      throw underflow();
    }
    return rounded;
  }

  static double multiplied(double x, double y) {
    double product = x * y;
    if (Double.isInfinite(product) && !Double.isInfinite(x) && !Double.isInfinite(y)) {
      throw overflow();
    }
    if (product == 0 && x != 0 && y != 0) {
      throw underflow();
    }
    return product;
  }

  static double divided(double x, double y) {
    if (y == 0 && !Double.isNaN(x)) {
      throw IntegerOperators.divisionByZero();
    }
    double quotient = x / y;
    if (Double.isInfinite(quotient) && !Double.isInfinite(x)) {
      throw overflow();
    }
    if (quotient == 0 && x != 0 && !Double.isInfinite(y)) {
      throw underflow();
    }
    return quotient;
  }

  private static void add(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    double[] a = ((DoubleVector) left).values;
    double[] b = ((DoubleVector) right).values;
    double[] z = ((DoubleVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      double sum = a[row] + b[row];
      z[row] = sum;
      if (Double.isInfinite(sum) && !out.nulls[row]) {
        checked(sum, !Double.isInfinite(a[row]) && !Double.isInfinite(b[row]));
      }
    }
  }

  private static void subtract(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    double[] a = ((DoubleVector) left).values;
    double[] b = ((DoubleVector) right).values;
    double[] z = ((DoubleVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      double difference = a[row] - b[row];
      z[row] = difference;
      if (Double.isInfinite(difference) && !out.nulls[row]) {
        checked(difference, !Double.isInfinite(a[row]) && !Double.isInfinite(b[row]));
      }
    }
  }

  private static void multiply(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    double[] a = ((DoubleVector) left).values;
    double[] b = ((DoubleVector) right).values;
    double[] z = ((DoubleVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      double product = a[row] * b[row];
      z[row] = product;
      if ((product == 0 || Double.isInfinite(product)) && !out.nulls[row]) {
        multiplied(a[row], b[row]);
      }
    }
  }

  private static void divide(
      Vector left, Vector right, int @Nullable [] selection, int count, Vector out) {
    double[] a = ((DoubleVector) left).values;
    double[] b = ((DoubleVector) right).values;
    double[] z = ((DoubleVector) out).values;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!out.nulls[row]) {
        z[row] = divided(a[row], b[row]);
      }
    }
  }
}
