// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Reads what a {@link TupleWriter} wrote, element by element with the same directions. Reused for many
 * tuples; not thread-safe. Bytes that no writer writes are a {@code CORRUPTION}.
 */
public final class TupleReader {
  /** What a decimal turned out to be. */
  public enum Decimal {
    NEGATIVE_INFINITY,
    FINITE,
    INFINITY,
    NAN
  }

  private byte[] bytes = new byte[0];
  private int begin;
  private int at;
  private int end;
  private int mask;
  private byte[] text = new byte[64];
  private int textLength;
  private BigDecimal decimal = BigDecimal.ZERO;

  /** Begins a tuple that stands in {@code source}. */
  public TupleReader reset(byte[] source, int offset, int length) {
    bytes = source;
    begin = offset;
    at = offset;
    end = offset + length;
    mask = 0;
    return this;
  }

  /** Sets the order of the elements that follow. */
  public TupleReader direction(boolean descending) {
    mask = descending ? 0xff : 0;
    return this;
  }

  /** Where the next element begins, counted from the tuple's begin. */
  public int position() {
    return at - begin;
  }

  /** Whether all is read. */
  public boolean isAtEnd() {
    return at >= end;
  }

  /** Reads whether a value follows; else the element is NULL. */
  public boolean isPresent() {
    int presence = next(0);
    if (presence > TupleFormat.NULL_LAST) {
      throw damaged("a presence byte", presence);
    }
    return presence == TupleFormat.PRESENT;
  }

  /** Reads a boolean. */
  public boolean bool() {
    return next(mask) != 0;
  }

  /** Reads a whole number. */
  public long integer() {
    return integer(mask);
  }

  private long integer(int inverted) {
    int header = next(inverted);
    if (header >= TupleFormat.NEGATIVE_END && header < TupleFormat.POSITIVE_BEGIN) {
      return header - TupleFormat.SMALL_BIAS;
    }
    boolean negative = header < TupleFormat.NEGATIVE_END;
    int count =
        negative ? TupleFormat.NEGATIVE_END - header : header - TupleFormat.POSITIVE_BEGIN + 1;
    long value = negative ? -1 : 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | next(inverted);
    }
    return value;
  }

  /** Reads a floating-point number. */
  public double real() {
    long bits = fixed();
    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
  }

  /** Reads eight bytes, big-endian. */
  public long fixed() {
    if (end - at < Long.BYTES) {
      throw damaged("eight bytes", end - at);
    }
    long value = Bytes.longBE(bytes, at);
    at += Long.BYTES;
    return mask == 0 ? value : ~value;
  }

  /** Reads a decimal number; when finite, {@link #decimalValue} has it. */
  public Decimal decimal() {
    int sign = next(mask);
    switch (sign) {
      case TupleFormat.NAN -> {
        return Decimal.NAN;
      }
      case TupleFormat.INFINITY -> {
        return Decimal.INFINITY;
      }
      case TupleFormat.NEGATIVE_INFINITY -> {
        return Decimal.NEGATIVE_INFINITY;
      }
      case TupleFormat.ZERO -> decimal = BigDecimal.ZERO;
      case TupleFormat.POSITIVE, TupleFormat.NEGATIVE ->
          decimal = finite(sign == TupleFormat.NEGATIVE);
      default -> throw damaged("the sign of a decimal", sign);
    }
    return Decimal.FINITE;
  }

  private BigDecimal finite(boolean negative) {
    int inverted = negative ? mask ^ 0xff : mask;
    long exponent = integer(inverted);
    textLength = 0;
    int pair;
    do {
      pair = next(inverted);
      if (pair >= 200) {
        throw damaged("a pair of digits", pair);
      }
      addText((byte) ('0' + pair / 20));
      addText((byte) ('0' + pair / 2 % 10));
    } while ((pair & 1) != 0);
    if (text[textLength - 1] == '0') {
      textLength--;
    }
    String digits = new String(text, 0, textLength, java.nio.charset.StandardCharsets.ISO_8859_1);
    BigInteger unscaled = new BigInteger(digits);
    BigDecimal value =
        new BigDecimal(
            negative ? unscaled.negate() : unscaled, Math.toIntExact(textLength - exponent));
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  /** The number that {@link #decimal} read, without trailing zeros after the point. */
  public BigDecimal decimalValue() {
    return decimal;
  }

  /** Reads bytes; {@link #text} and {@link #textLength} have them. */
  public void bytes() {
    textLength = 0;
    while (true) {
      int value = next(mask);
      if (value == TupleFormat.ESCAPE) {
        int escaped = next(mask);
        if (escaped == TupleFormat.END) {
          return;
        }
        if (escaped != TupleFormat.ESCAPED_ZERO) {
          throw damaged("an escaped byte", escaped);
        }
      }
      addText((byte) value);
    }
  }

  /** The array with the bytes read last, from 0; valid until the next call. */
  public byte[] text() {
    return text;
  }

  /** How many bytes were read. */
  public int textLength() {
    return textLength;
  }

  private void addText(byte value) {
    if (textLength == text.length) {
      text = Arrays.copyOf(text, textLength * 2);
    }
    text[textLength++] = value;
  }

  private int next(int inverted) {
    if (at >= end) {
      throw damaged("another byte", end - begin);
    }
    return (bytes[at++] ^ inverted) & 0xff;
  }

  private VarveException damaged(String expected, int found) {
    return ErrorCode.CORRUPTION
        .error("A key is not a tuple of the expected shape.")
        .fact("expected", expected)
        .fact("found", found)
        .fact("position", at - begin)
        .fact("key", Arrays.copyOfRange(bytes, begin, end))
        .build();
  }
}
