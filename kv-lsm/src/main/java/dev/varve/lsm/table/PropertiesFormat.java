// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The properties of a table ({@link TableProperties}). All numbers little-endian.
 *
 * <pre>
 * offset  bytes  what
 * 0       8      point versions
 * 8       8      point tombstones
 * 16      8      range tombstones
 * 24      8      bytes of keys
 * 32      8      bytes of values
 * 40      8      least timestamp
 * 48      8      greatest timestamp
 * 56      4      1 if the greatest key is only the upper bound of a range tombstone, else 0
 * 60      4      length of the least key
 * 64      4      length of the greatest key
 * 68      4      k: number of keyspaces
 * 72      40*k   keyspaces: id (4), bytes of a prefix (4), versions (8), tombstones (8),
 *                bytes of keys (8), bytes of values (8)
 * ..             least key, greatest key
 * </pre>
 */
final class PropertiesFormat {
  private static final int FIXED_BYTES = 72;
  private static final int KEYSPACE_BYTES = 40;

  private PropertiesFormat() {}

  static byte[] write(TableProperties properties) {
    List<KeyspaceProperties> keyspaces = properties.keyspaces();
    byte[] smallest = properties.smallestKey();
    byte[] largest = properties.largestKey();
    ByteBuffer into =
        ByteBuffer.allocate(
                FIXED_BYTES + keyspaces.size() * KEYSPACE_BYTES + smallest.length + largest.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    into.putLong(properties.entries())
        .putLong(properties.deletes())
        .putLong(properties.rangeTombstones())
        .putLong(properties.keyBytes())
        .putLong(properties.valueBytes())
        .putLong(properties.minTimestamp())
        .putLong(properties.maxTimestamp())
        .putInt(properties.largestExclusive() ? 1 : 0)
        .putInt(smallest.length)
        .putInt(largest.length)
        .putInt(keyspaces.size());
    for (KeyspaceProperties keyspace : keyspaces) {
      into.putInt(keyspace.id())
          .putInt(keyspace.prefixBytes())
          .putLong(keyspace.entries())
          .putLong(keyspace.deletes())
          .putLong(keyspace.keyBytes())
          .putLong(keyspace.valueBytes());
    }
    return into.put(smallest).put(largest).array();
  }

  /** Reads the block at {@code at}, whose checksum is right. */
  static TableProperties read(ByteBuffer file, int at, int bytes, String name) {
    ByteBuffer from = file.slice(at, bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes < FIXED_BYTES
        || from.getInt(68) < 0
        || FIXED_BYTES + (long) from.getInt(68) * KEYSPACE_BYTES + from.getInt(60) + from.getInt(64)
            != bytes) {
      throw FrameFormat.corruption("The properties of a table are damaged.", name, at)
          .fact("bytes", bytes)
          .build();
    }
    int keyspacesEnd = FIXED_BYTES + from.getInt(68) * KEYSPACE_BYTES;
    List<KeyspaceProperties> keyspaces = new ArrayList<>();
    for (int i = FIXED_BYTES; i < keyspacesEnd; i += KEYSPACE_BYTES) {
      keyspaces.add(
          new KeyspaceProperties(
              from.getInt(i),
              from.getLong(i + 8),
              from.getLong(i + 16),
              from.getLong(i + 24),
              from.getLong(i + 32),
              from.getInt(i + 4)));
    }
    byte[] smallest = new byte[from.getInt(60)];
    byte[] largest = new byte[from.getInt(64)];
    from.get(keyspacesEnd, smallest).get(keyspacesEnd + smallest.length, largest);
    return new TableProperties(
        file.capacity(),
        from.getLong(0),
        from.getLong(8),
        from.getLong(16),
        from.getLong(24),
        from.getLong(32),
        from.getLong(40),
        from.getLong(48),
        smallest,
        largest,
        from.getInt(56) != 0,
        List.copyOf(keyspaces));
  }
}
