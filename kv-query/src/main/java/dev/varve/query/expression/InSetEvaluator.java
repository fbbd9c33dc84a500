// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IN over constants: a look-up in a hash table of them. */
final class InSetEvaluator extends Evaluator {
  private final Evaluator operand;
  private final boolean negated;
  private final boolean hasNull;
  private final Vector elements;
  private final int[] table;
  private final BooleanVector result = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);
  private long[] hashes = new long[Batch.CAPACITY];

  InSetEvaluator(Evaluator operand, SqlType type, List<Constant> list, boolean negated) {
    this.operand = operand;
    this.negated = negated;
    this.elements = Vector.allocate(type, list.size() + 1);
    this.table = new int[Integer.highestOneBit(Math.max(4, list.size() * 2)) * 2];
    boolean anyNull = false;
    int count = 0;
    for (Constant constant : list) {
      if (constant.value() == null) {
        anyNull = true;
      } else {
        elements.setDatum(count, constant.value());
        count += insert(count) ? 1 : 0;
      }
    }
    this.hasNull = anyNull;
  }

  private boolean insert(int element) {
    int mask = table.length - 1;
    int slot = (int) elements.hash(element) & mask;
    while (table[slot] != 0) {
      if (elements.equal(table[slot] - 1, elements, element)) {
        return false;
      }
      slot = slot + 1 & mask;
    }
    table[slot] = element + 1;
    return true;
  }

  @Override
  public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
    Vector in = operand.evaluate(batch, selection, count);
    prepare(result, selection, count);
    if (hashes.length < count) {
      hashes = new long[count];
    }
    in.hash(selection, count, hashes, false);
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (in.nulls[row]) {
        result.setNull(row);
      } else if (contains(in, row, hashes[k])) {
        result.values[row] = !negated;
      } else if (hasNull) {
        result.setNull(row);
      } else {
        result.values[row] = negated;
      }
    }
    return result;
  }

  private boolean contains(Vector in, int row, long hash) {
    int mask = table.length - 1;
    int slot = (int) hash & mask;
    while (table[slot] != 0) {
      if (elements.equal(table[slot] - 1, in, row)) {
        return true;
      }
      slot = slot + 1 & mask;
    }
    return false;
  }
}
