// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.Cast;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.DatumCasts;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextInput;
import dev.varve.query.type.TextOutput;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Evaluators for casts: first to the other kind, then to the type's modifiers. */
final class Casts {
  private Casts() {}

  /** Converts one value that is not NULL. */
  private interface RowCast {
    void cast(Vector in, int row, Vector out);
  }

  static Evaluator evaluator(Cast cast, Evaluator operand, EvaluationContext context) {
    SqlType from = cast.operand().type();
    SqlType to = cast.type();
    Evaluator result = operand;
    if (from.kind() != to.kind()) {
      result = new CastEvaluator(result, to.withoutModifier(), rowCast(from, to, context));
    }
    RowCast fit = to.hasModifier() && !from.equals(to) ? fit(to, cast.explicit()) : null;
    return fit == null ? result : new CastEvaluator(result, to, fit);
  }

  /** Applies a cast row by row. */
  private static final class CastEvaluator extends Evaluator {
    private final Evaluator operand;
    private final RowCast cast;
    private final Vector result;

    CastEvaluator(Evaluator operand, SqlType type, RowCast cast) {
      this.operand = operand;
      this.cast = cast;
      this.result = Vector.allocate(type, Batch.CAPACITY);
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      Vector in = operand.evaluate(batch, selection, count);
      prepare(result, selection, count);
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (in.nulls[row]) {
          result.setNull(row);
        } else {
          cast.cast(in, row, result);
        }
      }
      return result;
    }
  }

  private static RowCast rowCast(SqlType from, SqlType to, EvaluationContext context) {
    if (to.kind().isText()) {
      return toText(from, to, context);
    }
    if (from.kind().isText()) {
      return (in, row, out) ->
          out.setDatum(
              row,
              TextInput.parse(
                  ((BytesVector) in).text(row), to, context.zone(), context.statementMicros()));
    }
    return switch (from.kind()) {
      case SMALLINT, INTEGER -> fromInt(to.kind());
      case BIGINT -> fromLong(to.kind());
      case REAL, DOUBLE -> fromDouble(from.kind(), to.kind());
      case NUMERIC -> fromNumeric(to.kind());
      case BOOLEAN ->
          (in, row, out) ->
              ((IntVector) out).values[row] = ((BooleanVector) in).values[row] ? 1 : 0;
      default -> temporal(from, to, context);
    };
  }

  private static RowCast toText(SqlType from, SqlType to, EvaluationContext context) {
    if (from.kind().isText()) {
      return to.kind() == TypeKind.CHAR ? Casts::copyStripped : Casts::copyBytes;
    }
    if (from.kind().isInteger()) {
      boolean isInt = from.kind() != TypeKind.BIGINT;
      return (in, row, out) ->
          ((BytesVector) out)
              .set(
                  row,
                  Long.toString(
                      isInt ? ((IntVector) in).values[row] : ((LongVector) in).values[row]));
    }
    StringBuilder text = new StringBuilder();
    return (in, row, out) -> {
      text.setLength(0);
      Object datum = in.datum(row);
      assert datum != null;
      TextOutput.append(text, datum, from, context.zone());
      ((BytesVector) out).set(row, text.toString());
    };
  }

  private static void copyBytes(Vector in, int row, Vector out) {
    BytesVector source = (BytesVector) in;
    ((BytesVector) out).set(row, source.bytes, source.offsets[row], source.lengths[row]);
  }

  private static void copyStripped(Vector in, int row, Vector out) {
    BytesVector source = (BytesVector) in;
    int length = source.lengths[row];
    while (length > 0 && source.bytes[source.offsets[row] + length - 1] == ' ') {
      length--;
    }
    ((BytesVector) out).set(row, source.bytes, source.offsets[row], length);
  }

  private static RowCast fromInt(TypeKind to) {
    return switch (to) {
      case SMALLINT, INTEGER ->
          (in, row, out) ->
              ((IntVector) out).values[row] =
                  Conversions.toInteger(((IntVector) in).values[row], to);
      case BIGINT ->
          (in, row, out) -> ((LongVector) out).values[row] = ((IntVector) in).values[row];
      case NUMERIC ->
          (in, row, out) -> ((NumericVector) out).set(row, ((IntVector) in).values[row], 0);
      case BOOLEAN ->
          (in, row, out) -> ((BooleanVector) out).values[row] = ((IntVector) in).values[row] != 0;
      case REAL ->
          (in, row, out) -> ((DoubleVector) out).values[row] = (float) ((IntVector) in).values[row];
      default -> (in, row, out) -> ((DoubleVector) out).values[row] = ((IntVector) in).values[row];
    };
  }

  private static RowCast fromLong(TypeKind to) {
    return switch (to) {
      case SMALLINT, INTEGER ->
          (in, row, out) ->
              ((IntVector) out).values[row] =
                  Conversions.toInteger(((LongVector) in).values[row], to);
      case NUMERIC -> (in, row, out) -> setNumeric(out, row, ((LongVector) in).values[row]);
      case REAL ->
          (in, row, out) ->
              ((DoubleVector) out).values[row] = (float) ((LongVector) in).values[row];
      default -> (in, row, out) -> ((DoubleVector) out).values[row] = ((LongVector) in).values[row];
    };
  }

  private static void setNumeric(Vector out, int row, long value) {
    ((NumericVector) out).set(row, value, 0);
  }

  private static RowCast fromDouble(TypeKind from, TypeKind to) {
    return switch (to) {
      case SMALLINT, INTEGER ->
          (in, row, out) ->
              ((IntVector) out).values[row] =
                  (int) Conversions.toLong(((DoubleVector) in).values[row], to);
      case BIGINT ->
          (in, row, out) ->
              ((LongVector) out).values[row] =
                  Conversions.toLong(((DoubleVector) in).values[row], to);
      case NUMERIC ->
          from == TypeKind.REAL
              ? (in, row, out) ->
                  out.setDatum(row, Conversions.toNumeric((float) ((DoubleVector) in).values[row]))
              : (in, row, out) ->
                  out.setDatum(row, Conversions.toNumeric(((DoubleVector) in).values[row]));
      case REAL ->
          (in, row, out) ->
              ((DoubleVector) out).values[row] =
                  Conversions.toReal(((DoubleVector) in).values[row]);
      default ->
          (in, row, out) -> ((DoubleVector) out).values[row] = ((DoubleVector) in).values[row];
    };
  }

  private static RowCast fromNumeric(TypeKind to) {
    return switch (to) {
      case SMALLINT, INTEGER ->
          (in, row, out) -> ((IntVector) out).values[row] = (int) whole(in, row, to);
      case BIGINT -> (in, row, out) -> ((LongVector) out).values[row] = whole(in, row, to);
      case REAL ->
          (in, row, out) ->
              ((DoubleVector) out).values[row] = Conversions.toReal(real((NumericVector) in, row));
      default -> (in, row, out) -> ((DoubleVector) out).values[row] = real((NumericVector) in, row);
    };
  }

  private static long whole(Vector in, int row, TypeKind to) {
    NumericVector numeric = (NumericVector) in;
    int scale = numeric.scales[row];
    if (scale >= 0) {
      long value = Conversions.roundToLong(numeric.unscaled[row], scale);
      return to == TypeKind.BIGINT ? value : Conversions.toInteger(value, to);
    }
    if (!numeric.isFinite(row)) {
      throw Conversions.outOfRange(to);
    }
    return Conversions.toLong(numeric.decimal(row), to);
  }

  private static double real(NumericVector in, int row) {
    int scale = in.scales[row];
    long digits = in.unscaled[row];
    if (scale >= 0 && scale <= 18 && Math.abs(digits) < 1L << 53) {
      return digits / (double) Conversions.powerOfTen(scale);
    }
    return in.isFinite(row)
        ? Conversions.toDouble(in.decimal(row))
        : Conversions.toDouble(in.special(row));
  }

  private static RowCast temporal(SqlType from, SqlType to, EvaluationContext context) {
    TypeKind kind = to.kind();
    return switch (from.kind()) {
      case DATE ->
          kind == TypeKind.TIMESTAMP
              ? (in, row, out) ->
                  ((LongVector) out).values[row] =
                      Conversions.toTimestamp(((IntVector) in).values[row])
              : (in, row, out) ->
                  ((LongVector) out).values[row] =
                      TimeZones.toUtc(
                          context.zone(), Conversions.toTimestamp(((IntVector) in).values[row]));
      case TIMESTAMP ->
          kind == TypeKind.TIMESTAMPTZ
              ? (in, row, out) ->
                  ((LongVector) out).values[row] =
                      TimeZones.toUtc(context.zone(), ((LongVector) in).values[row])
              : (in, row, out) -> fromLocal(out, row, ((LongVector) in).values[row], kind);
      case TIMESTAMPTZ ->
          (in, row, out) ->
              fromLocal(
                  out, row, TimeZones.toLocal(context.zone(), ((LongVector) in).values[row]), kind);
      case TIME ->
          (in, row, out) -> ((IntervalVector) out).set(row, 0, 0, ((LongVector) in).values[row]);
      default ->
          (in, row, out) ->
              ((LongVector) out).values[row] =
                  Conversions.toTime(((IntervalVector) in).micros[row]);
    };
  }

  private static void fromLocal(Vector out, int row, long local, TypeKind to) {
    switch (to) {
      case DATE -> ((IntVector) out).values[row] = Conversions.toDate(local);
      case TIME -> {
        if (Calendar.isInfinite(local)) {
          out.setNull(row);
        } else {
          ((LongVector) out).values[row] = Calendar.timeOf(local);
        }
      }
      default -> ((LongVector) out).values[row] = local;
    }
  }

  private static @Nullable RowCast fit(SqlType to, boolean explicit) {
    return switch (to.kind()) {
      case NUMERIC -> (in, row, out) -> fitNumeric((NumericVector) in, row, to, out);
      case VARCHAR, CHAR -> (in, row, out) -> fitText((BytesVector) in, row, to, explicit, out);
      case TIME, TIMESTAMP, TIMESTAMPTZ ->
          (in, row, out) ->
              ((LongVector) out).values[row] =
                  Conversions.round(((LongVector) in).values[row], to.size());
      case INTERVAL ->
          (in, row, out) -> {
            Object datum = in.datum(row);
            assert datum != null;
            out.setDatum(row, DatumCasts.fit(datum, to, explicit));
          };
      default -> null;
    };
  }

  private static void fitNumeric(NumericVector in, int row, SqlType to, Vector out) {
    NumericVector result = (NumericVector) out;
    int scale = in.scales[row];
    if (scale == to.scale() && to.size() <= 18) {
      if (Math.abs(in.unscaled[row]) >= Conversions.powerOfTen(to.size())) {
        throw Conversions.fieldOverflow(to);
      }
      result.set(row, in.unscaled[row], scale);
    } else if (in.isFinite(row)) {
      BigDecimal fitted = Conversions.fit(in.decimal(row), to);
      result.set(row, fitted);
    } else {
      NumericSpecial special = in.special(row);
      result.set(row, Conversions.fit(special, to));
    }
  }

  private static void fitText(BytesVector in, int row, SqlType to, boolean explicit, Vector out) {
    if (in.lengths[row] <= to.size()) {
      if (to.kind() == TypeKind.CHAR) {
        copyStripped(in, row, out);
      } else {
        copyBytes(in, row, out);
      }
    } else {
      ((BytesVector) out).set(row, Conversions.fit(in.text(row), to, explicit));
    }
  }
}
