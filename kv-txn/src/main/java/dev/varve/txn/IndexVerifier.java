// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.txn.index.NamedIndex;
import java.util.Arrays;
import java.util.List;

/**
 * Compares an index with the keyspace that it follows, both at one snapshot: every row's entries must be
 * there, and there must be no more entries than those.
 */
final class IndexVerifier {
  private static final int MAX_PROBLEMS = 100;

  private final StoreSnapshot snapshot;
  private final NamedIndex index;
  private final Keyspace entries;
  private final List<String> problems;

  IndexVerifier(StoreSnapshot snapshot, NamedIndex index, List<String> problems) {
    this.snapshot = snapshot;
    this.index = index;
    this.entries = snapshot.keyspace(index.id());
    this.problems = problems;
  }

  void verify(Progress progress) {
    if (index.extractor() == null) {
      problems.add("index " + index.name() + " cannot be verified without its extractor");
      return;
    }
    long wanted = 0;
    long bytes = 0;
    try (Cursor rows = snapshot.keyspace(index.followed()).scan(KeyRange.all())) {
      while (rows.next() && problems.size() < MAX_PROBLEMS) {
        byte[] primaryKey = rows.key();
        byte[] value = rows.value();
        for (byte[] indexed : extract(primaryKey, value)) {
          wanted++;
          checkEntry(primaryKey, indexed);
        }
        bytes += primaryKey.length + value.length;
        progress.at(bytes, bytes);
      }
    }
    long found = 0;
    try (Cursor all = entries.scan(KeyRange.all())) {
      while (all.next()) {
        found++;
      }
    }
    if (found != wanted && problems.size() < MAX_PROBLEMS) {
      problems.add(
          "index " + index.name() + " has " + found + " entries, its data call for " + wanted);
    }
  }

  private Iterable<byte[]> extract(byte[] primaryKey, byte[] value) {
    try {
      return index.extract(value);
    } catch (VarveException failure) {
      problems.add("index " + index.name() + ": the extractor fails on row " + name(primaryKey));
      return List.of();
    }
  }

  private void checkEntry(byte[] primaryKey, byte[] indexed) {
    byte[] value = entries.get(index.entryKey(indexed, primaryKey));
    if (value == null || !Arrays.equals(value, index.entryValue(primaryKey))) {
      problems.add("index " + index.name() + " lacks an entry of row " + name(primaryKey));
    }
  }

  private String name(byte[] primaryKey) {
    return RowName.of(PhysicalKey.of(index.followed(), primaryKey));
  }
}
