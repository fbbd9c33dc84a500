// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key of a keyspace, ordered by keyspace and then as unsigned bytes. Owns its array. */
record RowKey(int keyspace, byte[] bytes) implements Comparable<RowKey> {
  @Override
  public int compareTo(RowKey that) {
    int byKeyspace = Integer.compare(keyspace, that.keyspace);
    return byKeyspace != 0 ? byKeyspace : Arrays.compareUnsigned(bytes, that.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowKey that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * keyspace + Arrays.hashCode(bytes);
  }

  /** The least key after this one. */
  RowKey successor() {
    return new RowKey(keyspace, Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Override
  public String toString() {
    return keyspace + ":" + java.util.HexFormat.of().formatHex(bytes);
  }
}
