// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import java.util.Arrays;
import java.util.HexFormat;

/** A version as a value, in the order of tables. */
record Version(byte[] key, long trailer, byte[] value) implements Comparable<Version> {
  static Version put(byte[] key, long timestamp, byte[] value) {
    return new Version(key, Trailer.of(timestamp, Trailer.PUT), value);
  }

  static Version delete(byte[] key, long timestamp) {
    return new Version(key, Trailer.of(timestamp, Trailer.DELETE), new byte[0]);
  }

  /** What an iterator stands on. */
  static Version of(VersionIterator at) {
    byte[] key = new byte[at.keyBytes()];
    byte[] value = new byte[at.valueBytes()];
    at.keyBuffer().get(at.keyOffset(), key);
    at.valueBuffer().get(at.valueOffset(), value);
    return new Version(key, at.trailer(), value);
  }

  long timestamp() {
    return Trailer.timestamp(trailer);
  }

  @Override
  public int compareTo(Version other) {
    int order = Arrays.compareUnsigned(key, other.key);
    return order != 0 ? order : Long.compare(other.trailer, trailer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version
        && compareTo(version) == 0
        && Arrays.equals(value, version.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key) * 31 + Long.hashCode(trailer);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(key, 0, Math.min(key.length, 40))
        + (key.length > 40 ? "..(" + key.length + ")" : "")
        + "@"
        + timestamp()
        + "/"
        + Trailer.kind(trailer)
        + "="
        + value.length
        + "B#"
        + Arrays.hashCode(value);
  }
}
