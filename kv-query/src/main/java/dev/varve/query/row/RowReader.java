// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.EntryBatch;
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
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Decodes columns of rows by a {@link RowCodec}: first {@link #open} the rows, then read the columns
 * that are wanted. Text is not copied: vectors refer to the rows' array, which must stay as it is
 * while they are in use. Reused; not thread-safe.
 */
public final class RowReader {
  private final RowCodec codec;
  private byte[] bytes = new byte[0];
  private int count;
  private int[] begins = new int[16];
  private int[] limits = new int[16];
  private int[] written = new int[16];
  private boolean uniform;

  /** A reader of rows of {@code codec}. */
  public RowReader(RowCodec codec) {
    this.codec = codec;
  }

  /** Makes the values of all entries the rows {@code 0 .. entries.count() - 1}. */
  public void open(EntryBatch entries) {
    begin(entries.bytes(), entries.count());
    for (int i = 0; i < count; i++) {
      add(i, entries.valueOffset(i), entries.valueBytes(i));
    }
  }

  /** Makes one encoded row the row 0. */
  public void open(byte[] source, int offset, int length) {
    begin(source, 1);
    add(0, offset, length);
  }

  /** Begins rows that all stand in {@code source}; {@link #add} says where. */
  public void begin(byte[] source, int rows) {
    bytes = source;
    count = rows;
    uniform = true;
    if (begins.length < rows) {
      begins = new int[rows];
      limits = new int[rows];
      written = new int[rows];
    }
  }

  /** Says where row {@code index} stands. */
  public void add(int index, int offset, int length) {
    if (length < RowFormat.HEADER_BYTES || (bytes[offset] & 0xff) > 2) {
      throw damaged(index, offset, length);
    }
    int columns = LittleEndian.getShort(bytes, offset + RowFormat.COUNT_OFFSET) & 0xffff;
    if (columns > codec.columns()) {
      if (columns > RowFormat.MAX_COLUMNS) {
        throw damaged(index, offset, length);
      }
      throw ErrorCode.CORRUPTION
          .error("A row has more columns than its table.")
          .fact("columns", columns)
          .fact("tableColumns", codec.columns())
          .build();
    }
    int ends = codec.variableCount(columns) << (bytes[offset] & 3);
    int least = (columns + 7) / 8 + codec.fixedBytes(columns) + ends;
    if (length < RowFormat.HEADER_BYTES + least) {
      throw damaged(index, offset, length);
    }
    begins[index] = offset;
    limits[index] = offset + length;
    written[index] = columns;
    uniform &= columns == codec.columns();
  }

  private VarveException damaged(int index, int offset, int length) {
    return ErrorCode.CORRUPTION
        .error("A stored value is not a row of its table.")
        .fact("row", index)
        .fact("bytes", length)
        .fact("value", Arrays.copyOfRange(bytes, offset, offset + Math.min(length, 64)))
        .build();
  }

  /** Reads a column of all rows into rows 0 .. of {@code into}, which is emptied first. */
  public void read(int column, Vector into) {
    into.ensureCapacity(count);
    into.reset();
    if (into instanceof BytesVector text) {
      text.refer(bytes);
    }
    RowCodec.Slot slot = codec.slot(column);
    for (int i = 0; i < count; i++) {
      if (!uniform && column >= written[i]) {
        into.setDatum(i, codec.missing(column));
      } else if (isNull(begins[i], column)) {
        into.setNull(i);
      } else if (slot.width() > 0) {
        int nulls = (written[i] + 7) / 8;
        int at = begins[i] + RowFormat.HEADER_BYTES + nulls + slot.fixedOffset();
        readFixed(slot, at, into, i);
      } else {
        readVariable(slot, i, into);
      }
    }
  }

  private boolean isNull(int begin, int column) {
    return (bytes[begin + RowFormat.HEADER_BYTES + (column >> 3)] & 1 << (column & 7)) != 0;
  }

  private void readFixed(RowCodec.Slot slot, int at, Vector into, int row) {
    switch (slot.type().kind()) {
      case BOOLEAN -> ((BooleanVector) into).values[row] = bytes[at] != 0;
      case SMALLINT -> ((IntVector) into).values[row] = LittleEndian.getShort(bytes, at);
      case INTEGER, DATE -> ((IntVector) into).values[row] = LittleEndian.getInt(bytes, at);
      case REAL ->
          ((DoubleVector) into).values[row] = Float.intBitsToFloat(LittleEndian.getInt(bytes, at));
      case DOUBLE ->
          ((DoubleVector) into).values[row] =
              Double.longBitsToDouble(LittleEndian.getLong(bytes, at));
      case INTERVAL ->
          ((IntervalVector) into)
              .set(
                  row,
                  LittleEndian.getInt(bytes, at),
                  LittleEndian.getInt(bytes, at + 4),
                  LittleEndian.getLong(bytes, at + 8));
      case UUID ->
          ((UuidVector) into).set(row, Bytes.longBE(bytes, at), Bytes.longBE(bytes, at + 8));
      case NUMERIC -> {
        long digits = LittleEndian.getLong(bytes, at);
        NumericVector numeric = (NumericVector) into;
        numeric.unscaled[row] = digits;
        numeric.scales[row] =
            digits == RowFormat.NAN_DIGITS ? NumericVector.NAN : (short) slot.type().scale();
      }
      default -> ((LongVector) into).values[row] = LittleEndian.getLong(bytes, at);
    }
  }

  private void readVariable(RowCodec.Slot slot, int row, Vector into) {
    int columns = written[row];
    int endsAt =
        begins[row] + RowFormat.HEADER_BYTES + (columns + 7) / 8 + codec.fixedBytes(columns);
    int code = bytes[begins[row]] & 3;
    int index = slot.variableIndex();
    int dataAt = endsAt + (codec.variableCount(columns) << code);
    int from = dataAt + (index == 0 ? 0 : end(endsAt, index - 1, code));
    int to = dataAt + end(endsAt, index, code);
    if (from > to || to > limits[row]) {
      throw damaged(row, begins[row], limits[row] - begins[row]);
    }
    if (into instanceof BytesVector text) {
      if (text.bytes == bytes) {
        text.setRange(row, from, to - from);
      } else {
        text.set(row, bytes, from, to - from);
      }
    } else {
      readNumeric(from, to, (NumericVector) into, row);
    }
  }

  private int end(int endsAt, int index, int code) {
    return switch (code) {
      case 0 -> bytes[endsAt + index] & 0xff;
      case 1 -> LittleEndian.getShort(bytes, endsAt + index * 2) & 0xffff;
      default -> LittleEndian.getInt(bytes, endsAt + index * 4);
    };
  }

  private void readNumeric(int from, int to, NumericVector into, int row) {
    int scale = LittleEndian.getShort(bytes, from);
    int digits = to - from - 2;
    if (scale < 0) {
      into.scales[row] = (short) scale;
    } else if (digits <= Long.BYTES) {
      long value = bytes[from + 2];
      for (int at = from + 3; at < to; at++) {
        value = value << 8 | bytes[at] & 0xff;
      }
      into.set(row, value, scale);
    } else {
      into.set(row, new BigDecimal(new BigInteger(bytes, from + 2, digits), scale));
    }
  }
}
