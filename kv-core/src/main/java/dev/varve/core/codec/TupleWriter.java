// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Writes tuples so that their bytes sort as the tuples do, by {@link TupleFormat}. Reused for many
 * tuples; not thread-safe.
 *
 * <p>Before each element, {@link #direction} says whether its order is descending; the elements'
 * writers do the rest. An element that may be NULL begins with {@link #present} or {@link #absent}.
 */
public final class TupleWriter {
  private byte[] bytes = new byte[64];
  private int length;
  private int mask;

  /** Begins a new tuple. */
  public TupleWriter reset() {
    length = 0;
    mask = 0;
    return this;
  }

  /** The array that holds the tuple from 0; valid until more is written. */
  public byte[] bytes() {
    return bytes;
  }

  /** The bytes written so far. */
  public int length() {
    return length;
  }

  /** Forgets all but the first {@code newLength} bytes. */
  public void truncate(int newLength) {
    assert newLength <= length : newLength + " > " + length;
    length = newLength;
  }

  /** A copy of the tuple. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Sets the order of the elements that follow. */
  public TupleWriter direction(boolean descending) {
    mask = descending ? 0xff : 0;
    return this;
  }

  /** Says that a value follows. */
  public TupleWriter present() {
    ensure(1);
    bytes[length++] = TupleFormat.PRESENT;
    return this;
  }

  /** Writes NULL. */
  public TupleWriter absent(boolean nullsFirst) {
    ensure(1);
    bytes[length++] = (byte) (nullsFirst ? TupleFormat.NULL_FIRST : TupleFormat.NULL_LAST);
    return this;
  }

  /** Writes bytes as they are, in no order but their own: a prefix, or a key that is already one. */
  public TupleWriter raw(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Writes a boolean. */
  public TupleWriter bool(boolean value) {
    ensure(1);
    put(value ? 1 : 0);
    return this;
  }

  /** Writes a whole number; all widths share one encoding. */
  public TupleWriter integer(long value) {
    ensure(9);
    integer(value, mask);
    return this;
  }

  private void integer(long value, int inverted) {
    if (value >= TupleFormat.SMALL_LEAST && value <= TupleFormat.SMALL_MOST) {
      bytes[length++] = (byte) (value + TupleFormat.SMALL_BIAS ^ inverted);
      return;
    }
    long magnitude = value < 0 ? ~value : value;
    int count = Math.max(1, (71 - Long.numberOfLeadingZeros(magnitude)) >>> 3);
    int header =
        value < 0 ? TupleFormat.NEGATIVE_END - count : TupleFormat.POSITIVE_BEGIN + count - 1;
    bytes[length++] = (byte) (header ^ inverted);
    for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) ((int) (value >>> shift) ^ inverted);
    }
  }

  /** Writes a floating-point number: NaN last and equal to itself, both zeros equal. */
  public TupleWriter real(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return fixed(bits >= 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  /** Writes eight bytes, big-endian. */
  public TupleWriter fixed(long value) {
    ensure(Long.BYTES);
    Bytes.setLongBE(bytes, length, mask == 0 ? value : ~value);
    length += Long.BYTES;
    return this;
  }

  /** Writes a decimal number; numbers that differ only in trailing zeros are the same. */
  public TupleWriter decimal(BigDecimal value) {
    int sign = value.signum();
    ensure(1);
    if (sign == 0) {
      put(TupleFormat.ZERO);
      return this;
    }
    put(sign < 0 ? TupleFormat.NEGATIVE : TupleFormat.POSITIVE);
    String digits = value.unscaledValue().abs().toString();
    int significant = digits.length();
    while (digits.charAt(significant - 1) == '0') {
      significant--;
    }
    int inverted = sign < 0 ? mask ^ 0xff : mask;
    ensure(9 + significant / 2 + 1);
    integer((long) digits.length() - value.scale(), inverted);
    for (int i = 0; i < significant; i += 2) {
      int pair = (digits.charAt(i) - '0') * 10;
      pair += i + 1 < significant ? digits.charAt(i + 1) - '0' : 0;
      bytes[length++] = (byte) (pair * 2 + (i + 2 < significant ? 1 : 0) ^ inverted);
    }
    return this;
  }

  /** Writes a decimal number {@code digits * 10^-scale}. */
  public TupleWriter decimal(long digits, int scale) {
    if (digits == 0 || digits == Long.MIN_VALUE) {
      return decimal(BigDecimal.valueOf(digits, scale));
    }
    ensure(20);
    put(digits < 0 ? TupleFormat.NEGATIVE : TupleFormat.POSITIVE);
    int inverted = digits < 0 ? mask ^ 0xff : mask;
    long magnitude = Math.abs(digits);
    int count = digitsOf(magnitude);
    integer((long) count - scale, inverted);
    long power = powerOfTen(count - 1);
    while (magnitude > 0) {
      int pair = (int) (magnitude / power) * 10;
      magnitude %= power;
      power /= 10;
      if (power > 0) {
        pair += (int) (magnitude / power);
        magnitude %= power;
        power /= 10;
      }
      bytes[length++] = (byte) (pair * 2 + (magnitude > 0 ? 1 : 0) ^ inverted);
    }
    return this;
  }

  private static int digitsOf(long magnitude) {
    int count = 1;
    for (long rest = magnitude / 10; rest > 0; rest /= 10) {
      count++;
    }
    return count;
  }

  private static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  /** Writes the decimal that is no number and follows all. */
  public TupleWriter decimalNaN() {
    ensure(1);
    put(TupleFormat.NAN);
    return this;
  }

  /** Writes an infinite decimal. */
  public TupleWriter decimalInfinity(boolean negative) {
    ensure(1);
    put(negative ? TupleFormat.NEGATIVE_INFINITY : TupleFormat.INFINITY);
    return this;
  }

  /** Writes bytes or UTF-8 text of any length. */
  public TupleWriter bytes(byte[] source, int offset, int count) {
    ensure(count * 2L + 2);
    for (int i = 0; i < count; i++) {
      int value = source[offset + i] & 0xff;
      put(value);
      if (value == TupleFormat.ESCAPE) {
        put(TupleFormat.ESCAPED_ZERO);
      }
    }
    put(TupleFormat.ESCAPE);
    put(TupleFormat.END);
    return this;
  }

  /**
   * Writes the beginning of an element of bytes: every element that starts with {@code source}, and no
   * other, starts with what is written. Only ascending.
   */
  public TupleWriter bytesPrefix(byte[] source, int offset, int count) {
    bytes(source, offset, count);
    length -= 2;
    return this;
  }

  private void put(int value) {
    bytes[length++] = (byte) (value ^ mask);
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, bytes.length * 2L)));
    }
  }
}
