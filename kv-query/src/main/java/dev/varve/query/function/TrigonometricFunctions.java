// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.TypeKind;
import java.util.function.DoubleUnaryOperator;

/** Sines and their kin, in radians and, exact at the usual angles, in degrees. */
final class TrigonometricFunctions {
  private static final TypeKind REAL = TypeKind.DOUBLE;
  private static final double SIN_30 = Math.sin(Math.toRadians(30));
  private static final double ONE_MINUS_COS_60 = 1 - Math.cos(Math.toRadians(60));
  private static final double TAN_45 = sinOfQuarter(45) / cosOfQuarter(45);
  private static final double COT_45 = cosOfQuarter(45) / sinOfQuarter(45);

  private TrigonometricFunctions() {}

  static void register(Catalog catalog) {
    periodic(catalog, "sin", Math::sin);
    periodic(catalog, "cos", Math::cos);
    periodic(catalog, "tan", Math::tan);
    periodic(catalog, "cot", x -> 1 / Math.tan(x));
    periodic(catalog, "sind", TrigonometricFunctions::sinDegrees);
    periodic(catalog, "cosd", TrigonometricFunctions::cosDegrees);
    periodic(catalog, "tand", TrigonometricFunctions::tanDegrees);
    periodic(catalog, "cotd", TrigonometricFunctions::cotDegrees);
    bounded(catalog, "asin", Math::asin, -1, 1);
    bounded(catalog, "acos", Math::acos, -1, 1);
    bounded(catalog, "asind", TrigonometricFunctions::asinDegrees, -1, 1);
    bounded(catalog, "acosd", TrigonometricFunctions::acosDegrees, -1, 1);
    bounded(catalog, "atanh", TrigonometricFunctions::atanh, -1, 1);
    bounded(
        catalog,
        "acosh",
        x -> Math.log(x + Math.sqrt(x - 1) * Math.sqrt(x + 1)),
        1,
        Double.POSITIVE_INFINITY);
    plain(catalog, "atan", Math::atan);
    plain(catalog, "atand", x -> Math.atan(x) / Math.atan(1) * 45);
    plain(catalog, "sinh", Math::sinh);
    plain(catalog, "cosh", Math::cosh);
    plain(catalog, "tanh", Math::tanh);
    plain(catalog, "asinh", TrigonometricFunctions::asinh);
    plain(catalog, "degrees", x -> FloatOperators.checked(x / (Math.PI / 180), isFinite(x)));
    plain(catalog, "radians", x -> x * (Math.PI / 180));
    catalog.row("atan2", REAL, c -> c.set(Math.atan2(c.real(0), c.real(1))), REAL, REAL);
    catalog.row(
        "atan2d",
        REAL,
        c -> c.set(Math.atan2(c.real(0), c.real(1)) / Math.atan(1) * 45),
        REAL,
        REAL);
  }

  private static void plain(Catalog catalog, String name, DoubleUnaryOperator function) {
    catalog.row(name, REAL, c -> c.set(function.applyAsDouble(c.real(0))), REAL);
  }

  private static void periodic(Catalog catalog, String name, DoubleUnaryOperator function) {
    plain(
        catalog,
        name,
        x -> {
          if (Double.isInfinite(x)) {
            throw outOfRange();
          }
          return function.applyAsDouble(x);
        });
  }

  private static void bounded(
      Catalog catalog, String name, DoubleUnaryOperator function, double least, double most) {
    plain(
        catalog,
        name,
        x -> {
          if (x < least || x > most) {
            throw outOfRange();
          }
          return function.applyAsDouble(x);
        });
  }

  private static boolean isFinite(double x) {
    return !Double.isInfinite(x) && !Double.isNaN(x);
  }

  private static VarveException outOfRange() {
    return ErrorCode.NUMERIC_OUT_OF_RANGE.error("The input is out of range.").build();
  }

  private static double atanh(double x) {
    if (Math.abs(x) == 1) {
      return x * Double.POSITIVE_INFINITY;
    }
    return Math.log1p(2 * x / (1 - x)) / 2;
  }

  private static double asinh(double x) {
    if (Double.isInfinite(x) || x == 0) {
      return x;
    }
    double magnitude = Math.abs(x);
    double result =
        magnitude > 1e150
            ? Math.log(magnitude) + Math.log(2)
            : Math.log1p(
                magnitude + magnitude * magnitude / (1 + Math.sqrt(magnitude * magnitude + 1)));
    return Math.copySign(result, x);
  }

  private static double sinTo30(double x) {
    return Math.sin(Math.toRadians(x)) / SIN_30 / 2;
  }

  private static double cosTo60(double x) {
    return 1 - (1 - Math.cos(Math.toRadians(x))) / ONE_MINUS_COS_60 / 2;
  }

  private static double sinOfQuarter(double x) {
    return x <= 30 ? sinTo30(x) : cosTo60(90 - x);
  }

  private static double cosOfQuarter(double x) {
    return x <= 60 ? cosTo60(x) : sinTo30(90 - x);
  }

  private static double sinDegrees(double degrees) {
    double x = degrees % 360;
    int sign = 1;
    if (x < 0) {
      x = -x;
      sign = -1;
    }
    if (x > 180) {
      x = 360 - x;
      sign = -sign;
    }
    return sign * sinOfQuarter(x > 90 ? 180 - x : x);
  }

  private static double cosDegrees(double degrees) {
    double x = Math.abs(degrees % 360);
    if (x > 180) {
      x = 360 - x;
    }
    return x > 90 ? -cosOfQuarter(180 - x) : cosOfQuarter(x);
  }

  private static double tanDegrees(double degrees) {
    return ofHalfTurn(degrees, x -> sinOfQuarter(x) / cosOfQuarter(x) / TAN_45);
  }

  private static double cotDegrees(double degrees) {
    return ofHalfTurn(degrees, x -> cosOfQuarter(x) / sinOfQuarter(x) / COT_45);
  }

  private static double ofHalfTurn(double degrees, DoubleUnaryOperator ofQuarter) {
    double x = degrees % 360;
    int sign = 1;
    if (x < 0) {
      x = -x;
      sign = -1;
    }
    if (x > 180) {
      x = 360 - x;
      sign = -sign;
    }
    if (x > 90) {
      x = 180 - x;
      sign = -sign;
    }
    double result = sign * ofQuarter.applyAsDouble(x);
    return result == 0 ? 0 : result;
  }

  private static double asinDegrees(double x) {
    return x < 0 ? -asinOfQuarter(-x) : asinOfQuarter(x);
  }

  private static double asinOfQuarter(double x) {
    return x <= 0.5 ? Math.asin(x) / Math.asin(0.5) * 30 : 90 - Math.acos(x) / Math.acos(0.5) * 60;
  }

  private static double acosDegrees(double x) {
    return x < 0 ? 90 + asinOfQuarter(-x) : acosOfQuarter(x);
  }

  private static double acosOfQuarter(double x) {
    return x <= 0.5 ? 90 - Math.asin(x) / Math.asin(0.5) * 30 : Math.acos(x) / Math.acos(0.5) * 60;
  }
}
