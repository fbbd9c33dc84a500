// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interval of keys in unsigned byte order and the direction to walk it. Immutable; arrays given
 * are copied.
 */
public final class KeyRange {
  private static final KeyRange ALL = new KeyRange(null, null, false);

  private final byte @Nullable [] from;
  private final byte @Nullable [] to;
  private final boolean reversed;

  private KeyRange(byte @Nullable [] from, byte @Nullable [] to, boolean reversed) {
    this.from = from;
    this.to = to;
    this.reversed = reversed;
  }

  /** Every key. */
  public static KeyRange all() {
    return ALL;
  }

  /** The keys that start with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix.clone(), successorOfPrefix(prefix), false);
  }

  /** The keys from {@code from}, inclusive, to {@code to}, exclusive; empty when out of order. */
  public static KeyRange between(byte[] from, byte[] to) {
    return new KeyRange(from.clone(), to.clone(), false);
  }

  /** The keys at or after {@code key}. */
  public static KeyRange atLeast(byte[] key) {
    return new KeyRange(key.clone(), null, false);
  }

  /** The keys before {@code key}. */
  public static KeyRange lessThan(byte[] key) {
    return new KeyRange(null, key.clone(), false);
  }

  /** The same keys, walked the other way. */
  public KeyRange reversed() {
    return new KeyRange(from, to, !reversed);
  }

  /** The lower bound, inclusive, or null when there is none. A copy. */
  public byte @Nullable [] from() {
    return from == null ? null : from.clone();
  }

  /** The upper bound, exclusive, or null when there is none. A copy. */
  public byte @Nullable [] to() {
    return to == null ? null : to.clone();
  }

  /** Whether the range is walked from its last key to its first. */
  public boolean isReversed() {
    return reversed;
  }

  /** Whether {@code key} lies in the range. */
  public boolean contains(byte[] key) {
    return (from == null || Arrays.compareUnsigned(from, key) <= 0)
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  /** Whether no key can lie in the range. */
  public boolean isEmpty() {
    return to != null && (to.length == 0 || from != null && Arrays.compareUnsigned(from, to) >= 0);
  }

  /** The least key greater than every key that starts with {@code prefix}, or null for no bound. */
  private static byte @Nullable [] successorOfPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] successor = Arrays.copyOf(prefix, length);
    successor[length - 1]++;
    return successor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyRange that
        && reversed == that.reversed
        && Arrays.equals(from, that.from)
        && Arrays.equals(to, that.to);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(from), Arrays.hashCode(to), reversed);
  }

  @Override
  public String toString() {
    String low = from == null ? "(-inf" : "[" + Printable.of(from);
    String high = to == null ? "+inf)" : Printable.of(to) + ")";
    return low + ", " + high + (reversed ? " reversed" : "");
  }
}
