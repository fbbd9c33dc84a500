// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TupleTest {
  private final TupleWriter writer = new TupleWriter();
  private final TupleReader reader = new TupleReader();

  private static int order(byte[] left, byte[] right) {
    return Integer.signum(Arrays.compareUnsigned(left, right));
  }

  private byte[] integer(long value, boolean descending) {
    return writer.reset().direction(descending).integer(value).toByteArray();
  }

  private byte[] decimal(BigDecimal value, boolean descending) {
    return writer.reset().direction(descending).decimal(value).toByteArray();
  }

  private byte[] text(byte[] value, boolean descending) {
    return writer.reset().direction(descending).bytes(value, 0, value.length).toByteArray();
  }

  @Provide
  Arbitrary<Long> longs() {
    return Arbitraries.oneOf(
        Arbitraries.longs(),
        Arbitraries.longs().between(-70_000, 70_000),
        Arbitraries.integers()
            .between(0, 63)
            .flatMap(shift -> Arbitraries.longs().between(-2, 2).map(d -> (1L << shift) + d)),
        Arbitraries.integers()
            .between(0, 63)
            .flatMap(shift -> Arbitraries.longs().between(-2, 2).map(d -> -(1L << shift) + d)));
  }

  @Provide
  Arbitrary<BigDecimal> decimals() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(-1000, 1000).map(BigInteger::valueOf),
            Arbitraries.longs().map(BigInteger::valueOf),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(60).negate(), BigInteger.TEN.pow(60)))
        .flatMap(
            digits -> Arbitraries.integers().between(0, 40).map(s -> new BigDecimal(digits, s)));
  }

  @Property
  void integersSortAsNumbers(
      @ForAll("longs") long a, @ForAll("longs") long b, @ForAll boolean descending) {
    int expected = descending ? Long.compare(b, a) : Long.compare(a, b);
    assertEquals(expected, order(integer(a, descending), integer(b, descending)));
  }

  @Property
  void integersComeBack(@ForAll("longs") long a, @ForAll boolean descending) {
    byte[] bytes = integer(a, descending);
    reader.reset(bytes, 0, bytes.length).direction(descending);
    assertEquals(a, reader.integer());
    assertTrue(reader.isAtEnd());
  }

  @Property
  void realsSortWithNaNLastAndZerosEqual(
      @ForAll double a, @ForAll double b, @ForAll boolean descending) {
    byte[] left = writer.reset().direction(descending).real(a).toByteArray();
    byte[] right = writer.reset().direction(descending).real(b).toByteArray();
    int expected = a == b ? 0 : Double.compare(a, b);
    assertEquals(descending ? -expected : expected, order(left, right));
    reader.reset(left, 0, left.length).direction(descending);
    assertEquals(a + 0.0, reader.real());
  }

  @Test
  void notANumberFollowsInfinity() {
    byte[] infinity = writer.reset().real(Double.POSITIVE_INFINITY).toByteArray();
    assertEquals(1, order(writer.reset().real(Double.NaN).toByteArray(), infinity));
    assertEquals(
        1,
        order(
            writer.reset().decimalNaN().toByteArray(),
            writer.reset().decimalInfinity(false).toByteArray()));
    assertEquals(
        -1,
        order(
            writer.reset().decimalInfinity(true).toByteArray(),
            decimal(new BigDecimal("-1e40"), false)));
  }

  @Property
  void decimalsSortAsNumbersWhateverTheirScale(
      @ForAll("decimals") BigDecimal a,
      @ForAll("decimals") BigDecimal b,
      @ForAll boolean descending) {
    int expected = descending ? b.compareTo(a) : a.compareTo(b);
    assertEquals(expected, order(decimal(a, descending), decimal(b, descending)));
    assertEquals(0, order(decimal(a, descending), decimal(a.setScale(a.scale() + 3), descending)));
  }

  @Property
  void decimalsComeBack(@ForAll("decimals") BigDecimal a, @ForAll boolean descending) {
    byte[] bytes = decimal(a, descending);
    reader.reset(bytes, 0, bytes.length).direction(descending);
    assertEquals(TupleReader.Decimal.FINITE, reader.decimal());
    assertEquals(0, a.compareTo(reader.decimalValue()));
    assertTrue(reader.decimalValue().scale() >= 0);
    assertTrue(reader.isAtEnd());
  }

  @Property
  void smallDecimalsAreWrittenAsLargeOnes(
      @ForAll("longs") long digits, @ForAll boolean descending) {
    for (int scale = 0; scale < 20; scale += 3) {
      byte[] fast = writer.reset().direction(descending).decimal(digits, scale).toByteArray();
      assertEquals(0, order(decimal(BigDecimal.valueOf(digits, scale), descending), fast));
    }
  }

  @Property
  void bytesSortAsBytesAndAreNoPrefixOfEachOther(
      @ForAll byte[] a, @ForAll byte[] b, @ForAll boolean descending) {
    int expected = Integer.signum(Arrays.compareUnsigned(a, b));
    byte[] left = text(a, descending);
    byte[] right = text(b, descending);
    assertEquals(descending ? -expected : expected, order(left, right));
    if (expected != 0) {
      int common = Math.min(left.length, right.length);
      assertTrue(!Arrays.equals(left, 0, common, right, 0, common));
    }
    reader.reset(left, 0, left.length).direction(descending);
    reader.bytes();
    assertTrue(Arrays.equals(a, 0, a.length, reader.text(), 0, reader.textLength()));
  }

  @Test
  void zeroBytesSortBelowLongerText() {
    byte[] a = {1};
    byte[] b = {1, 0};
    byte[] c = {1, 0, 0};
    assertEquals(-1, order(text(a, false), text(b, false)));
    assertEquals(-1, order(text(b, false), text(c, false)));
    assertEquals(1, order(text(b, true), text(c, true)));
  }

  @Property
  void compositesSortElementByElement(
      @ForAll byte[] a, @ForAll byte[] b, @ForAll("longs") long x, @ForAll("longs") long y) {
    byte[] left = writer.reset().bytes(a, 0, a.length).direction(true).integer(x).toByteArray();
    byte[] right = writer.reset().bytes(b, 0, b.length).direction(true).integer(y).toByteArray();
    int first = Integer.signum(Arrays.compareUnsigned(a, b));
    assertEquals(first != 0 ? first : Long.compare(y, x), order(left, right));
  }

  @Test
  void nullsComeFirstOrLastAsAsked() {
    byte[] value = writer.reset().present().integer(Long.MIN_VALUE).toByteArray();
    byte[] most = writer.reset().present().integer(Long.MAX_VALUE).toByteArray();
    assertEquals(-1, order(writer.reset().absent(true).toByteArray(), value));
    assertEquals(1, order(writer.reset().absent(false).toByteArray(), most));
    byte[] bytes = writer.reset().absent(false).present().integer(7).toByteArray();
    reader.reset(bytes, 0, bytes.length);
    assertTrue(!reader.isPresent());
    assertTrue(reader.isPresent());
    assertEquals(7, reader.integer());
  }

  @Test
  void smallNumbersTakeOneByte() {
    assertEquals(1, integer(0, false).length);
    assertEquals(1, integer(223, false).length);
    assertEquals(2, integer(224, false).length);
    assertEquals(9, integer(Long.MIN_VALUE, false).length);
  }
}
