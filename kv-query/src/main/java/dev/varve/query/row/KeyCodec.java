// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.core.codec.TupleReader;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.EntryBatch;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.UuidVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the columns of a key so that the bytes sort as the values do. Immutable and thread-safe; the
 * writers and readers it is given are not.
 */
public final class KeyCodec {
  private static final long DAY_MICROS = 86_400_000_000L;

  private final KeyPart[] parts;

  /** A codec for these parts in order. */
  public KeyCodec(List<KeyPart> parts) {
    this.parts = parts.toArray(KeyPart[]::new);
  }

  /** The number of parts. */
  public int size() {
    return parts.length;
  }

  /** A part. */
  public KeyPart part(int index) {
    return parts[index];
  }

  /** Appends one row of {@code columns}, one for each part. */
  public void write(Vector[] columns, int row, TupleWriter into) {
    for (int i = 0; i < parts.length; i++) {
      write(i, columns[i], row, into);
    }
  }

  /** Appends one part. */
  public void write(int part, Vector column, int row, TupleWriter into) {
    KeyPart p = parts[part];
    if (column.isNull(row)) {
      assert p.nullable() : "NULL in key part " + part;
      into.absent(p.nullsFirst());
      return;
    }
    if (p.nullable()) {
      into.present();
    }
    into.direction(p.descending());
    switch (p.type().kind().storage()) {
      case BOOLEAN -> into.bool(((BooleanVector) column).values[row]);
      case INT -> into.integer(((IntVector) column).values[row]);
      case LONG -> into.integer(((LongVector) column).values[row]);
      case DOUBLE -> into.real(((DoubleVector) column).values[row]);
      case NUMERIC -> writeNumeric((NumericVector) column, row, into);
      case BYTES -> {
        BytesVector text = (BytesVector) column;
        into.bytes(text.bytes, text.offsets[row], text.lengths[row]);
      }
      case INTERVAL -> writeInterval((IntervalVector) column, row, into);
      case UUID ->
          into.fixed(((UuidVector) column).high[row]).fixed(((UuidVector) column).low[row]);
    }
  }

  /** Appends one part given as an object, as {@link Vector#datum} has it; null is NULL. */
  public void write(int part, @Nullable Object datum, TupleWriter into) {
    Vector one = Vector.allocate(parts[part].type().withoutModifier(), 1);
    one.setDatum(0, datum);
    write(part, one, 0, into);
  }

  private static void writeNumeric(NumericVector column, int row, TupleWriter into) {
    int scale = column.scales[row];
    if (scale >= 0) {
      into.decimal(column.unscaled[row], scale);
    } else if (column.isFinite(row)) {
      into.decimal(column.decimal(row));
    } else if (column.special(row) == NumericSpecial.NAN) {
      into.decimalNaN();
    } else {
      into.decimalInfinity(column.special(row) == NumericSpecial.NEGATIVE_INFINITY);
    }
  }

  private static void writeInterval(IntervalVector column, int row, TupleWriter into) {
    long micros = column.micros[row];
    long days = column.months[row] * 30L + column.days[row] + Math.floorDiv(micros, DAY_MICROS);
    into.integer(days).integer(Math.floorMod(micros, DAY_MICROS));
  }

  /**
   * Decodes the keys of all entries into rows 0 .. of {@code columns}, one for each part; a null among
   * them is a part that is not wanted.
   *
   * @param skipBytes what stands before the tuple in each key
   */
  public void read(
      EntryBatch entries, int skipBytes, @Nullable Vector[] columns, TupleReader reader) {
    int count = entries.count();
    for (Vector column : columns) {
      if (column != null) {
        column.ensureCapacity(count);
        column.reset();
      }
    }
    for (int i = 0; i < count; i++) {
      reader.reset(
          entries.bytes(), entries.keyOffset(i) + skipBytes, entries.keyBytes(i) - skipBytes);
      read(reader, columns, i);
    }
  }

  /** Decodes the parts that the reader stands before into one row of {@code columns}. */
  public void read(TupleReader reader, @Nullable Vector[] columns, int row) {
    int last = columns.length;
    while (last > 0 && columns[last - 1] == null) {
      last--;
    }
    for (int i = 0; i < last; i++) {
      read(i, reader, columns[i], row);
    }
  }

  private void read(int part, TupleReader reader, @Nullable Vector column, int row) {
    KeyPart p = parts[part];
    if (p.nullable() && !reader.isPresent()) {
      if (column != null) {
        column.setNull(row);
      }
      return;
    }
    reader.direction(p.descending());
    switch (p.type().kind().storage()) {
      case BOOLEAN -> {
        boolean value = reader.bool();
        if (column != null) {
          ((BooleanVector) column).values[row] = value;
        }
      }
      case INT -> {
        int value = (int) reader.integer();
        if (column != null) {
          ((IntVector) column).values[row] = value;
        }
      }
      case LONG -> {
        long value = reader.integer();
        if (column != null) {
          ((LongVector) column).values[row] = value;
        }
      }
      case DOUBLE -> {
        double value = reader.real();
        if (column != null) {
          ((DoubleVector) column).values[row] = value;
        }
      }
      case NUMERIC -> readNumeric(reader, (NumericVector) column, row, p.type());
      case BYTES -> {
        reader.bytes();
        if (column != null) {
          ((BytesVector) column).set(row, reader.text(), 0, reader.textLength());
        }
      }
      case INTERVAL -> {
        long days = reader.integer();
        long micros = reader.integer();
        if (column != null) {
          ((IntervalVector) column).set(row, (int) (days / 30), (int) (days % 30), micros);
        }
      }
      case UUID -> {
        long high = reader.fixed();
        long low = reader.fixed();
        if (column != null) {
          ((UuidVector) column).set(row, high, low);
        }
      }
    }
  }

  private static void readNumeric(
      TupleReader reader, @Nullable NumericVector column, int row, SqlType type) {
    TupleReader.Decimal kind = reader.decimal();
    if (column == null) {
      return;
    }
    switch (kind) {
      case NAN -> column.set(row, NumericSpecial.NAN);
      case INFINITY -> column.set(row, NumericSpecial.INFINITY);
      case NEGATIVE_INFINITY -> column.set(row, NumericSpecial.NEGATIVE_INFINITY);
      case FINITE -> {
        BigDecimal value = reader.decimalValue();
        boolean scaled = type.kind() == TypeKind.NUMERIC && type.hasModifier();
        int scale = scaled ? Math.max(type.scale(), 0) : value.scale();
        column.set(row, value.setScale(scale, RoundingMode.UNNECESSARY));
      }
    }
  }
}
