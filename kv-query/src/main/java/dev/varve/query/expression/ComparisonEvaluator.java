// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Compares two operands of the same storage; one loop per storage, whatever the operator. */
abstract class ComparisonEvaluator extends Evaluator {
  final Evaluator left;
  final Evaluator right;
  final boolean less;
  final boolean equal;
  final boolean greater;
  private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);

  private ComparisonEvaluator(ComparisonOperator operator, Evaluator left, Evaluator right) {
    this.left = left;
    this.right = right;
    this.less = operator.holds(-1);
    this.equal = operator.holds(0);
    this.greater = operator.holds(1);
  }

  static Evaluator of(ComparisonOperator operator, TypeKind kind, Evaluator left, Evaluator right) {
    if (operator == ComparisonOperator.DISTINCT || operator == ComparisonOperator.NOT_DISTINCT) {
      return new Distinct(operator, left, right);
    }
    return switch (kind.storage()) {
      case INT -> new Ints(operator, left, right);
      case LONG -> new Longs(operator, left, right);
      case DOUBLE -> new Doubles(operator, left, right);
      default ->
          operator.holds(-1) == operator.holds(1)
              ? new Equalities(operator, left, right)
              : new Orders(operator, left, right);
    };
  }

  @Override
  public final Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    Vector l = left.evaluate(batch, selection, count);
    Vector r = right.evaluate(batch, selection, count);
    prepare(result, selection, count);
    combineNulls(result, l, r, selection, count);
    compare(l, r, selection, count, result);
    return result;
  }

  void combineNulls(BooleanVector into, Vector l, Vector r, int @Nullable [] selection, int count) {
    into.orNulls(l, selection, count);
    into.orNulls(r, selection, count);
  }

  /** Fills the values; rows whose result is NULL may get anything. */
  abstract void compare(
      Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into);

  private static final class Ints extends ComparisonEvaluator {
    Ints(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      int[] a = ((IntVector) l).values;
      int[] b = ((IntVector) r).values;
      boolean[] out = into.values;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        boolean lt = a[row] < b[row];
        boolean gt = a[row] > b[row];
        out[row] = lt & less | gt & greater | !(lt | gt) & equal;
      }
    }

    @Override
    public int select(Batch batch, int @Nullable [] selection, int count, int[] into) {
      Vector l = left.evaluate(batch, selection, count);
      Vector r = right.evaluate(batch, selection, count);
      if (l.hasNulls || r.hasNulls) {
        return super.select(batch, selection, count, into);
      }
      int[] a = ((IntVector) l).values;
      int[] b = ((IntVector) r).values;
      int selected = 0;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        boolean lt = a[row] < b[row];
        boolean gt = a[row] > b[row];
        into[selected] = row;
        selected += lt & less | gt & greater | !(lt | gt) & equal ? 1 : 0;
      }
      return selected;
    }
  }

  private static final class Longs extends ComparisonEvaluator {
    Longs(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      long[] a = ((LongVector) l).values;
      long[] b = ((LongVector) r).values;
      boolean[] out = into.values;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        boolean lt = a[row] < b[row];
        boolean gt = a[row] > b[row];
        out[row] = lt & less | gt & greater | !(lt | gt) & equal;
      }
    }
  }

  private static final class Doubles extends ComparisonEvaluator {
    Doubles(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      double[] a = ((DoubleVector) l).values;
      double[] b = ((DoubleVector) r).values;
      boolean[] out = into.values;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        int order = DoubleVector.compare(a[row], b[row]);
        out[row] = order < 0 & less | order > 0 & greater | order == 0 & equal;
      }
    }
  }

  /** = and <> over any storage. */
  private static final class Equalities extends ComparisonEvaluator {
    Equalities(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      boolean[] out = into.values;
      boolean[] skip = into.nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!skip[row]) {
          out[row] = l.equal(row, r, row) == equal;
        }
      }
    }
  }

  /** Order comparisons over any storage. */
  private static final class Orders extends ComparisonEvaluator {
    Orders(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      boolean[] out = into.values;
      boolean[] skip = into.nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!skip[row]) {
          int order = l.compare(row, r, row);
          out[row] = order < 0 ? less : order > 0 ? greater : equal;
        }
      }
    }
  }

  /** IS [NOT] DISTINCT FROM: never NULL. */
  private static final class Distinct extends ComparisonEvaluator {
    Distinct(ComparisonOperator operator, Evaluator left, Evaluator right) {
      super(operator, left, right);
    }

    @Override
    void combineNulls(
        BooleanVector into, Vector l, Vector r, int @Nullable [] selection, int count) {
      // The result has no NULLs: they are compared like values.
    }

    @Override
    void compare(Vector l, Vector r, int @Nullable [] selection, int count, BooleanVector into) {
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        boolean same =
            l.nulls[row] || r.nulls[row] ? l.nulls[row] == r.nulls[row] : l.equal(row, r, row);
        into.values[row] = same == equal;
      }
    }
  }
}
