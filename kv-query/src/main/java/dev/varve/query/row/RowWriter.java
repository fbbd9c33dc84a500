// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.ErrorCode;
import dev.varve.core.codec.Bytes;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.UuidVector;
import dev.varve.query.vector.Vector;
import java.math.BigInteger;
import java.util.Arrays;

/** Encodes rows by a {@link RowCodec}. Reused for many rows; not thread-safe. */
public final class RowWriter {
  private final RowCodec codec;
  private final int nullBytes;
  private final int fixedAt;
  private final int endsAt;
  private final int[] ends;
  private byte[] bytes = new byte[128];
  private byte[] variable = new byte[128];
  private int length;

  /** A writer of rows with all of the codec's columns. */
  public RowWriter(RowCodec codec) {
    this.codec = codec;
    this.nullBytes = (codec.columns() + 7) / 8;
    this.fixedAt = RowFormat.HEADER_BYTES + nullBytes;
    this.endsAt = fixedAt + codec.fixedBytes(codec.columns());
    this.ends = new int[codec.variableCount(codec.columns())];
  }

  /** Encodes one row of {@code columns}, one for each of the codec's; {@link #bytes} has it. */
  public void write(Vector[] columns, int row) {
    ensure(endsAt);
    Arrays.fill(bytes, 0, endsAt, (byte) 0);
    int variableLength = 0;
    for (int c = 0; c < columns.length; c++) {
      RowCodec.Slot slot = codec.slot(c);
      if (columns[c].isNull(row)) {
        bytes[RowFormat.HEADER_BYTES + (c >> 3)] |= (byte) (1 << (c & 7));
      } else if (slot.width() > 0) {
        writeFixed(slot, fixedAt + slot.fixedOffset(), columns[c], row);
      } else {
        variableLength = writeVariable(variableLength, columns[c], row);
      }
      if (slot.width() == 0) {
        ends[slot.variableIndex()] = variableLength;
      }
    }
    finish(columns.length, variableLength);
  }

  private void finish(int columns, int variableLength) {
    int code = variableLength < 1 << 8 ? 0 : variableLength < 1 << 16 ? 1 : 2;
    int width = 1 << code;
    int dataAt = endsAt + ends.length * width;
    ensure((long) dataAt + variableLength);
    bytes[0] = (byte) (code | RowFormat.VERSION << 2);
    LittleEndian.set(bytes, RowFormat.COUNT_OFFSET, (short) columns);
    for (int i = 0; i < ends.length; i++) {
      int at = endsAt + i * width;
      switch (code) {
        case 0 -> bytes[at] = (byte) ends[i];
        case 1 -> LittleEndian.set(bytes, at, (short) ends[i]);
        default -> LittleEndian.set(bytes, at, ends[i]);
      }
    }
    System.arraycopy(variable, 0, bytes, dataAt, variableLength);
    length = dataAt + variableLength;
  }

  /** The array that holds the row from 0; valid until the next row. */
  public byte[] bytes() {
    return bytes;
  }

  /** The row's length in bytes. */
  public int length() {
    return length;
  }

  /** A copy of the row. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void writeFixed(RowCodec.Slot slot, int at, Vector column, int row) {
    switch (slot.type().kind()) {
      case BOOLEAN -> bytes[at] = (byte) (((BooleanVector) column).values[row] ? 1 : 0);
      case SMALLINT -> LittleEndian.set(bytes, at, (short) ((IntVector) column).values[row]);
      case INTEGER, DATE -> LittleEndian.set(bytes, at, ((IntVector) column).values[row]);
      case REAL ->
          LittleEndian.set(
              bytes, at, Float.floatToRawIntBits((float) ((DoubleVector) column).values[row]));
      case DOUBLE ->
          LittleEndian.set(
              bytes, at, Double.doubleToRawLongBits(((DoubleVector) column).values[row]));
      case INTERVAL -> {
        IntervalVector interval = (IntervalVector) column;
        LittleEndian.set(bytes, at, interval.months[row]);
        LittleEndian.set(bytes, at + 4, interval.days[row]);
        LittleEndian.set(bytes, at + 8, interval.micros[row]);
      }
      case UUID -> {
        Bytes.setLongBE(bytes, at, ((UuidVector) column).high[row]);
        Bytes.setLongBE(bytes, at + 8, ((UuidVector) column).low[row]);
      }
      case NUMERIC -> LittleEndian.set(bytes, at, digits((NumericVector) column, row, slot.type()));
      default -> LittleEndian.set(bytes, at, ((LongVector) column).values[row]);
    }
  }

  private static long digits(NumericVector column, int row, SqlType type) {
    int scale = column.scales[row];
    if (scale == type.scale()) {
      return column.unscaled[row];
    }
    if (!column.isFinite(row)) {
      return RowFormat.NAN_DIGITS;
    }
    if (scale >= 0 && scale < type.scale()) {
      return column.unscaled[row] * Conversions.powerOfTen(type.scale() - scale);
    }
    return Conversions.fit(column.decimal(row), type).unscaledValue().longValueExact();
  }

  private int writeVariable(int at, Vector column, int row) {
    if (column instanceof BytesVector text) {
      int count = text.lengths[row];
      ensureVariable((long) at + count);
      System.arraycopy(text.bytes, text.offsets[row], variable, at, count);
      return at + count;
    }
    NumericVector numeric = (NumericVector) column;
    int scale = numeric.scales[row];
    if (scale >= 0) {
      return writeDigits(at, scale, numeric.unscaled[row]);
    }
    if (!numeric.isFinite(row)) {
      ensureVariable(at + 2L);
      LittleEndian.set(variable, at, (short) scale);
      return at + 2;
    }
    BigInteger digits = numeric.decimal(row).unscaledValue();
    byte[] complement = digits.toByteArray();
    ensureVariable(at + 2L + complement.length);
    LittleEndian.set(variable, at, (short) numeric.decimal(row).scale());
    System.arraycopy(complement, 0, variable, at + 2, complement.length);
    return at + 2 + complement.length;
  }

  private int writeDigits(int at, int scale, long digits) {
    long magnitude = digits < 0 ? ~digits : digits;
    int count = (Long.SIZE - Long.numberOfLeadingZeros(magnitude)) / 8 + 1;
    ensureVariable(at + 2L + count);
    LittleEndian.set(variable, at, (short) scale);
    for (int i = 0; i < count; i++) {
      variable[at + 2 + i] = (byte) (digits >> (count - 1 - i) * 8);
    }
    return at + 2 + count;
  }

  private void ensure(long needed) {
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(needed, bytes.length));
    }
  }

  private void ensureVariable(long needed) {
    if (needed > variable.length) {
      variable = Arrays.copyOf(variable, grown(needed, variable.length));
    }
  }

  private static int grown(long needed, int present) {
    if (needed > 1 << 30) {
      throw ErrorCode.VALUE_TOO_LONG
          .error("A row can take at most 1 GiB.")
          .fact("bytes", needed)
          .build();
    }
    return (int) Math.max(needed, Math.min(present * 2L, 1 << 30));
  }
}
