// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.TransactionOptions;
import dev.varve.core.codec.Bytes;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.StoreTransaction;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.ChildJvm;
import dev.varve.txn.clock.HybridLogicalClock;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One transaction with more writes than the heap could hold, in a JVM of its own with -Xmx64m. */
class LargeTransactionTest {
  private static final long MEMORY_BYTES = 256L << 20;
  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  @TempDir Path directory;

  @Test
  void aMillionWritesFitIntoASmallHeap() throws Exception {
    run(1_000_000);
  }

  @Test
  @Tag("slow")
  void tenMillionWritesFitIntoASmallHeap() throws Exception {
    run(10_000_000);
  }

  private void run(int writes) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            Child.class, List.of("-Xmx64m"), directory.toString(), Integer.toString(writes))) {
      assertEquals("committed", child.readLine(), child::errors);
      assertEquals("counted " + writes, child.readLine(), child::errors);
    }
  }

  /** Writes keys in random order in one transaction, and counts them after a reopen. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Path home = Path.of(arguments[0]).resolve("db");
      int writes = Integer.parseInt(arguments[1]);
      long began = System.nanoTime();
      write(home, writes);
      System.out.println("committed");
      System.err.println("seconds " + (System.nanoTime() - began) / 1_000_000_000);
      System.out.println("counted " + count(home));
    }

    private static LsmStore open(Path home) {
      return LsmStore.open(
          new LocalFileSystem(),
          home,
          LsmOptions.defaults()
              .memoryLimitBytes(MEMORY_BYTES)
              .timestamps(new HybridLogicalClock()));
    }

    private static void write(Path home, int writes) {
      try (LsmStore store = open(home);
          TransactionManager manager =
              TransactionManager.open(
                  store, Options.defaults().durability(Durability.ASYNC), new Metrics())) {
        try (StoreTransaction transaction = manager.begin(TransactionOptions.defaults())) {
          KeyValues table = transaction.keyspace(0);
          byte[] key = new byte[16];
          byte[] value = new byte[100];
          for (int i = 0; i < writes; i++) {
            Bytes.setLongBE(key, 0, i * SCATTER);
            Bytes.setLongBE(key, 8, i);
            table.put(key, value);
          }
          try (Cursor others = manager.autocommit().keyspace(0).scan(KeyRange.all())) {
            assertTrue(!others.next(), "visible too early");
          }
          transaction.commit();
        }
      }
    }

    private static long count(Path home) {
      try (LsmStore store = open(home);
          TransactionManager manager =
              TransactionManager.open(store, Options.defaults(), new Metrics());
          Cursor cursor = manager.autocommit().keyspace(0).scan(KeyRange.all())) {
        long count = 0;
        while (cursor.next()) {
          count++;
        }
        return count;
      }
    }
  }
}
