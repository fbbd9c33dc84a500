// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.KeyRange;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named index of a {@link ReferenceStore}. Its entries are a keyspace: the indexed bytes, each zero
 * among them followed by 0xFF, then 0x00 0x01, then the primary key; so they sort by indexed bytes first.
 *
 * @param id the keyspace of its entries
 * @param followed the keyspace it follows, or -1
 * @param since the timestamp from which on it is complete
 */
record ReferenceIndex(
    IndexDefinition definition, int id, int followed, @Nullable Extractor extractor, long since) {

  /** The bytes that the entries under {@code indexed} begin with. */
  static byte[] prefix(byte[] indexed) {
    return escape(indexed, true);
  }

  static byte[] entry(byte[] indexed, byte[] primaryKey) {
    byte[] prefix = prefix(indexed);
    byte[] entry = Arrays.copyOf(prefix, prefix.length + primaryKey.length);
    System.arraycopy(primaryKey, 0, entry, prefix.length, primaryKey.length);
    return entry;
  }

  /** The entries of which the indexed bytes lie in {@code range}. */
  static KeyRange entries(KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    byte[] low = escape(from == null ? new byte[0] : from, false);
    KeyRange entries =
        to == null ? KeyRange.atLeast(low) : KeyRange.between(low, escape(to, false));
    return range.isReversed() ? entries.reversed() : entries;
  }

  static byte[] indexed(byte[] entry) {
    ByteArrayOutputStream indexed = new ByteArrayOutputStream();
    for (int i = 0; i < end(entry); i++) {
      indexed.write(entry[i]);
      if (entry[i] == 0) {
        i++;
      }
    }
    return indexed.toByteArray();
  }

  static byte[] primaryKey(byte[] entry) {
    return Arrays.copyOfRange(entry, end(entry) + 2, entry.length);
  }

  /** The bytes under which {@code value} shall be found. */
  List<byte[]> extract(byte @Nullable [] value) {
    if (value == null || extractor == null) {
      return List.of();
    }
    try {
      return extractor.extract(value.clone());
    } catch (RuntimeException failure) {
      throw ErrorCode.EXTERNAL_ROUTINE
          .error("The extractor of an index failed.")
          .fact("index", definition.name())
          .cause(failure)
          .build();
    }
  }

  private static int end(byte[] entry) {
    int at = 0;
    while (entry[at] != 0 || entry[at + 1] != 1) {
      at += entry[at] == 0 ? 2 : 1;
    }
    return at;
  }

  private static byte[] escape(byte[] indexed, boolean terminated) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    for (byte each : indexed) {
      escaped.write(each);
      if (each == 0) {
        escaped.write(0xff);
      }
    }
    if (terminated) {
      escaped.write(0);
      escaped.write(1);
    }
    return escaped.toByteArray();
  }
}
