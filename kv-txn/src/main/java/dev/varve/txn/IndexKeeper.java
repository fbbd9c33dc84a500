// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.KeyRange;
import dev.varve.Savepoint;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.txn.index.NamedIndex;
import dev.varve.txn.write.PendingWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the indexes that follow a keyspace up to a change of it, in the same transaction. The row is locked
 * already; so its newest value, from which the stale entries are computed, is what the change replaces.
 */
final class IndexKeeper {
  private IndexKeeper() {}

  /** Before a row gets a new value, or null for none; whole or not at all. */
  static void change(
      ManagedTransaction transaction, NamedIndex[] following, byte[] row, byte @Nullable [] value) {
    byte[] primaryKey = PhysicalKey.userKey(row);
    byte[] before = transaction.newestOf(row);
    wholly(
        transaction,
        () -> {
          List<NavigableSet<byte[]>> added = new ArrayList<>(following.length);
          for (NamedIndex index : following) {
            NavigableSet<byte[]> stale = index.extract(before);
            NavigableSet<byte[]> fresh = index.extract(value == null ? null : value.clone());
            for (byte[] indexed : stale) {
              if (!fresh.remove(indexed)) {
                transaction.removeEntry(index, indexed, primaryKey, false);
              }
            }
            added.add(fresh);
          }
          for (int i = 0; i < following.length; i++) {
            for (byte[] indexed : added.get(i)) {
              transaction.addEntry(following[i], indexed, primaryKey, false);
            }
          }
        });
  }

  /** Before the rows of a range, which is locked, are deleted. */
  static void deleteRange(
      ManagedTransaction transaction, NamedIndex[] following, KeyRange physical, boolean whole) {
    for (NamedIndex index : following) {
      index.extract(null);
    }
    if (whole) {
      for (NamedIndex index : following) {
        transaction.clearEntries(index);
      }
      return;
    }
    wholly(
        transaction,
        () -> {
          try (BatchCursor rows = transaction.newestRows(physical)) {
            while (rows.next()) {
              byte[] primaryKey = rows.key();
              byte[] value = rows.value();
              for (NamedIndex index : following) {
                for (byte[] indexed : index.extract(value)) {
                  transaction.removeEntry(index, indexed, primaryKey, false);
                }
              }
            }
          }
        });
  }

  private static void wholly(ManagedTransaction transaction, Runnable change) {
    PendingWrites writes = transaction.state().writesForChange();
    Savepoint before = writes.savepoint("index");
    try {
      change.run();
    } catch (VarveException failure) {
      writes.rollbackTo(before);
      writes.release(before);
      throw failure;
    }
    writes.release(before);
  }
}
