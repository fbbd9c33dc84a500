// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreReader;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.row.RowCodec;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan reads of a table: where its rows are, which places of a row become columns, and what the
 * rows must satisfy.
 *
 * @param slots the places read, in the order of the columns
 * @param types of the columns
 * @param withRowKey whether the key of each row is a further column
 * @param predicates what rows must satisfy; over the columns
 * @param predicateColumns the columns that predicates read
 * @param asOf a TIMESTAMPTZ at which the table is read, or null
 */
public record ScanSource(
    int keyspace,
    RowCodec codec,
    int[] slots,
    List<SqlType> types,
    boolean withRowKey,
    List<Evaluator> predicates,
    BitSet predicateColumns,
    @Nullable Evaluator asOf) {

  /** The types of all columns, the row's key included. */
  List<SqlType> allTypes() {
    if (!withRowKey) {
      return types;
    }
    List<SqlType> all = new ArrayList<>(types);
    all.add(SqlType.BYTEA);
    return all;
  }

  /** Where the rows are read in this execution. */
  Keyspace open(ExecutionContext context) {
    return reader(context).keyspace(keyspace);
  }

  /** The transaction or snapshot that this execution reads. */
  StoreReader reader(ExecutionContext context) {
    if (asOf == null) {
      return context.reader();
    }
    Batch row = new Batch();
    row.setCount(1);
    Vector micros = asOf.evaluate(row);
    if (micros.isNull(0)) {
      throw dev.varve.ErrorCode.NULL_NOT_ALLOWED.error("AS OF must not be NULL.").build();
    }
    long value = ((dev.varve.query.vector.LongVector) micros).values[0];
    return context.asOf(Instant.EPOCH.plus(value, ChronoUnit.MICROS));
  }
}
