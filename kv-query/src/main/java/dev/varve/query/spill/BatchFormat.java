// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.spill;

import dev.varve.ErrorCode;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.UuidVector;
import dev.varve.query.vector.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a batch in a temporary file, which no other process or version ever reads.
 *
 * <pre>
 * 4             rows
 * per column:
 * 1             1 when NULLs follow
 * rows          1 for each NULL, if any
 * rows * width  the values; of text its lengths; of NUMERIC digits and scales
 * ..            text: all bytes; NUMERIC: for each large value 4 bytes of length, 4 of scale, digits
 * </pre>
 */
final class BatchFormat {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  void release() {
    bytes = new byte[0];
  }

  /** Encodes the selected rows of the first {@code width} columns; returns the length. */
  int encode(Batch batch, int width) {
    length = 0;
    putInt(batch.count());
    for (int i = 0; i < width; i++) {
      encode(batch, batch.column(i));
    }
    return length;
  }

  private void encode(Batch batch, Vector column) {
    int rows = batch.count();
    ensure(1L + rows + rows * 16L);
    bytes[length++] = (byte) (column.hasNulls ? 1 : 0);
    for (int k = 0; k < rows && column.hasNulls; k++) {
      bytes[length++] = (byte) (column.nulls[batch.row(k)] ? 1 : 0);
    }
    if (column instanceof IntVector ints) {
      for (int k = 0; k < rows; k++) {
        putInt(ints.values[batch.row(k)]);
      }
    } else if (column instanceof LongVector longs) {
      for (int k = 0; k < rows; k++) {
        putLong(longs.values[batch.row(k)]);
      }
    } else if (column instanceof DoubleVector doubles) {
      for (int k = 0; k < rows; k++) {
        putLong(Double.doubleToRawLongBits(doubles.values[batch.row(k)]));
      }
    } else if (column instanceof BooleanVector booleans) {
      for (int k = 0; k < rows; k++) {
        bytes[length++] = (byte) (booleans.values[batch.row(k)] ? 1 : 0);
      }
    } else if (column instanceof BytesVector text) {
      encodeText(batch, text);
    } else if (column instanceof NumericVector numerics) {
      encodeNumerics(batch, numerics);
    } else if (column instanceof IntervalVector intervals) {
      for (int k = 0; k < rows; k++) {
        int row = batch.row(k);
        putInt(intervals.months[row]);
        putInt(intervals.days[row]);
        putLong(intervals.micros[row]);
      }
    } else if (column instanceof UuidVector uuids) {
      for (int k = 0; k < rows; k++) {
        putLong(uuids.high[batch.row(k)]);
        putLong(uuids.low[batch.row(k)]);
      }
    }
  }

  private void encodeText(Batch batch, BytesVector text) {
    int rows = batch.count();
    long total = 0;
    for (int k = 0; k < rows; k++) {
      int row = batch.row(k);
      int size = text.nulls[row] ? 0 : text.lengths[row];
      putInt(size);
      total += size;
    }
    ensure(total);
    for (int k = 0; k < rows; k++) {
      int row = batch.row(k);
      if (!text.nulls[row]) {
        System.arraycopy(text.bytes, text.offsets[row], bytes, length, text.lengths[row]);
        length += text.lengths[row];
      }
    }
  }

  private void encodeNumerics(Batch batch, NumericVector numerics) {
    int rows = batch.count();
    for (int k = 0; k < rows; k++) {
      int row = batch.row(k);
      putLong(numerics.unscaled[row]);
      SHORTS.set(bytes, length, numerics.nulls[row] ? (short) 0 : numerics.scales[row]);
      length += Short.BYTES;
    }
    for (int k = 0; k < rows; k++) {
      int row = batch.row(k);
      if (!numerics.nulls[row] && numerics.scales[row] == NumericVector.LARGE) {
        BigDecimal value = numerics.decimal(row);
        byte[] digits = value.unscaledValue().toByteArray();
        ensure(digits.length + 8L);
        putInt(digits.length);
        putInt(value.scale());
        System.arraycopy(digits, 0, bytes, length, digits.length);
        length += digits.length;
      }
    }
  }

  private void putInt(int value) {
    ensure(Integer.BYTES);
    INTS.set(bytes, length, value);
    length += Integer.BYTES;
  }

  private void putLong(long value) {
    LONGS.set(bytes, length, value);
    length += Long.BYTES;
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw ErrorCode.OUT_OF_MEMORY
            .error("The rows of one batch exceed 2 GiB.")
            .fact("bytes", needed)
            .build();
      }
      long grown = Math.max(needed, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 64));
      bytes = Arrays.copyOf(bytes, (int) grown);
    }
  }

  /** Decodes a batch; its text refers to {@code bytes}. */
  static void decode(byte[] bytes, Batch into) {
    int rows = (int) INTS.get(bytes, 0);
    int at = Integer.BYTES;
    for (int i = 0; i < into.width(); i++) {
      at = decode(bytes, at, rows, into.column(i));
    }
    into.setCount(rows);
  }

  private static int decode(byte[] bytes, int from, int rows, Vector column) {
    column.ensureCapacity(rows);
    column.reset();
    int at = from + 1;
    if (bytes[from] != 0) {
      for (int row = 0; row < rows; row++) {
        if (bytes[at++] != 0) {
          column.setNull(row);
        }
      }
    }
    if (column instanceof IntVector ints) {
      for (int row = 0; row < rows; row++, at += Integer.BYTES) {
        ints.values[row] = (int) INTS.get(bytes, at);
      }
    } else if (column instanceof LongVector longs) {
      for (int row = 0; row < rows; row++, at += Long.BYTES) {
        longs.values[row] = (long) LONGS.get(bytes, at);
      }
    } else if (column instanceof DoubleVector doubles) {
      for (int row = 0; row < rows; row++, at += Long.BYTES) {
        doubles.values[row] = Double.longBitsToDouble((long) LONGS.get(bytes, at));
      }
    } else if (column instanceof BooleanVector booleans) {
      for (int row = 0; row < rows; row++, at++) {
        booleans.values[row] = bytes[at] != 0;
      }
    } else if (column instanceof BytesVector text) {
      at = decodeText(bytes, at, rows, text);
    } else if (column instanceof NumericVector numerics) {
      at = decodeNumerics(bytes, at, rows, numerics);
    } else if (column instanceof IntervalVector intervals) {
      for (int row = 0; row < rows; row++, at += 16) {
        intervals.months[row] = (int) INTS.get(bytes, at);
        intervals.days[row] = (int) INTS.get(bytes, at + 4);
        intervals.micros[row] = (long) LONGS.get(bytes, at + 8);
      }
    } else if (column instanceof UuidVector uuids) {
      for (int row = 0; row < rows; row++, at += 16) {
        uuids.high[row] = (long) LONGS.get(bytes, at);
        uuids.low[row] = (long) LONGS.get(bytes, at + 8);
      }
    }
    return at;
  }

  private static int decodeText(byte[] bytes, int from, int rows, BytesVector text) {
    boolean[] nulls = text.hasNulls ? text.nulls.clone() : null;
    text.refer(bytes);
    int at = from;
    int data = from + rows * Integer.BYTES;
    for (int row = 0; row < rows; row++, at += Integer.BYTES) {
      int size = (int) INTS.get(bytes, at);
      text.setRange(row, data, size);
      data += size;
      if (nulls != null && nulls[row]) {
        text.setNull(row);
      }
    }
    return data;
  }

  private static int decodeNumerics(byte[] bytes, int from, int rows, NumericVector numerics) {
    int at = from;
    for (int row = 0; row < rows; row++) {
      numerics.unscaled[row] = (long) LONGS.get(bytes, at);
      numerics.scales[row] = (short) SHORTS.get(bytes, at + Long.BYTES);
      at += Long.BYTES + Short.BYTES;
    }
    for (int row = 0; row < rows; row++) {
      if (numerics.scales[row] == NumericVector.LARGE && !numerics.nulls[row]) {
        int digits = (int) INTS.get(bytes, at);
        int scale = (int) INTS.get(bytes, at + 4);
        numerics.set(row, new BigDecimal(new BigInteger(bytes, at + 8, digits), scale));
        at += 8 + digits;
      }
    }
    return at;
  }
}
