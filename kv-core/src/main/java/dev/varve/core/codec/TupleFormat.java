// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

/**
 * The order-preserving encoding of tuples: comparing two encodings as unsigned bytes gives the order
 * of the tuples, element by element, and no encoding begins another of the same shape.
 *
 * <pre>
 * element   = [presence] value
 * presence  = only where the element may be NULL:
 *             00 NULL, NULLs first   01 a value follows   02 NULL, NULLs last
 * value     = by kind, below; every byte inverted when the element is descending
 *
 * boolean   00 false, 01 true
 * integer   00 .. 07      negative: 8 - n bytes follow, the low bytes of two's complement, big-endian
 *           08 .. F7      the number itself plus 24: -16 .. 223
 *           F8 .. FF      positive: n - F7 bytes follow, big-endian
 * double    8 bytes big-endian, sign bit flipped, all bits flipped when negative; one NaN, one zero
 * decimal   10 -infinity  20 negative  30 zero  40 positive  50 infinity  60 NaN
 *           then for negative and positive: exponent as an integer, the value being 0.d1d2.. * 10^exponent
 *           with d1 not zero; then the digits in pairs, each pair * 2 + 1, the last pair * 2;
 *           exponent and digits inverted when negative
 * bytes     the bytes, 00 written as 00 FF; then 00 01
 * fixed     as many bytes as both sides know, for instance 16 of a UUID
 * </pre>
 */
final class TupleFormat {
  static final int NULL_FIRST = 0x00;
  static final int PRESENT = 0x01;
  static final int NULL_LAST = 0x02;

  static final int SMALL_BIAS = 24;
  static final int SMALL_LEAST = -16;
  static final int SMALL_MOST = 223;
  static final int NEGATIVE_END = 0x08;
  static final int POSITIVE_BEGIN = 0xF8;

  static final int NEGATIVE_INFINITY = 0x10;
  static final int NEGATIVE = 0x20;
  static final int ZERO = 0x30;
  static final int POSITIVE = 0x40;
  static final int INFINITY = 0x50;
  static final int NAN = 0x60;

  static final int ESCAPE = 0x00;
  static final int ESCAPED_ZERO = 0xFF;
  static final int END = 0x01;

  private TupleFormat() {}
}
