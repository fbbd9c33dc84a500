// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.Extractor;
import dev.varve.IndexType;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.Progress;
import dev.varve.TransactionOptions;
import dev.varve.core.file.FileSystem;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.StoreTransaction;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.Seed;
import dev.varve.testkit.SimulatedFileSystem;
import dev.varve.txn.clock.HybridLogicalClock;
import dev.varve.txn.write.WriteSetMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power in the middle of small histories of transactions: what was committed and synced is there whole,
 * prepared transactions are prepared or ended, indexes agree with their data, and nothing of others is left.
 */
class CrashTest {
  private static final Path HOME = Path.of("/db");
  private static final Extractor FIRST_BYTE = value -> List.of(new byte[] {value[0]});
  private static final Options OPTIONS =
      Options.defaults().durability(Durability.SYNC).extractor("i", FIRST_BYTE);

  @Test
  void whateverTheMomentTheStoreIsWholeAfterwards() {
    Seed.run((seed, random) -> run(random, 40));
  }

  @Test
  @Tag("slow")
  void manyMoments() {
    Seed.run((seed, random) -> run(random, 3_000));
  }

  private static void run(RandomGenerator random, int histories) {
    for (int i = 0; i < histories; i++) {
      new CrashTest().history(Seed.random(random.nextLong()), 1 + random.nextInt(400));
    }
  }

  private static LsmStore openStore(FileSystem files) {
    return LsmStore.open(
        files,
        HOME,
        LsmOptions.defaults().memTableBytes(1 << 20).timestamps(new HybridLogicalClock()));
  }

  private static TransactionManager open(LsmStore store) {
    return TransactionManager.open(store, OPTIONS, new Metrics(), new WriteSetMemory(1 << 14));
  }

  /** What must be there, by key; the write under way when the power went may be there or not. */
  private final TreeMap<String, String> committed = new TreeMap<>();

  private TreeMap<String, String> underWay = new TreeMap<>();
  private final TreeMap<String, TreeMap<String, String>> prepared = new TreeMap<>();
  private int next;

  private void history(RandomGenerator random, int cutAt) {
    SimulatedFileSystem files = new SimulatedFileSystem(random);
    LsmStore store = openStore(files);
    TransactionManager manager = open(store);
    manager.autocommit().keyspace("data").put(key("first"), bytes("x"));
    committed.put("first", "x");
    files.powerCutAt(cutAt + mutations(files));
    try {
      if (random.nextBoolean()) {
        manager.createIndex(
            new IndexDefinition("i", IndexType.BTREE, "data", false), FIRST_BYTE, Progress.NONE);
      }
      for (int i = 0; i < 12 && !files.isDown(); i++) {
        step(manager, random);
      }
    } catch (RuntimeException | Error cut) {
      assertTrue(files.isDown(), () -> "failed with the power on: " + cut);
    }
    SimulatedFileSystem after = files.afterPowerCut(random);
    closeQuietly(manager, store);
    check(after);
  }

  private static long mutations(SimulatedFileSystem files) {
    return files.faults().mutations();
  }

  private static void closeQuietly(TransactionManager manager, LsmStore store) {
    try {
      manager.close();
      store.close();
    } catch (RuntimeException | Error dead) {
      // The power is off: whatever the old store says now is of no interest.
      assertTrue(dead.getMessage() != null || dead.getCause() != null);
    }
  }

  private void step(TransactionManager manager, RandomGenerator random) {
    String globalId = "p" + next;
    TreeMap<String, String> state = new TreeMap<>(committed);
    boolean large = random.nextInt(4) == 0;
    boolean prepares = prepared.isEmpty() && random.nextInt(4) == 0;
    try (StoreTransaction transaction =
        manager.begin(TransactionOptions.defaults().isolation(IsolationLevel.READ_COMMITTED))) {
      KeyValues data = transaction.keyspace("data");
      String own = prepares ? "prepared" : "plain";
      for (int i = 0; i < (large ? 150 : 3); i++) {
        String name = own + random.nextInt(large ? 1_000 : 20);
        String value = (char) ('a' + random.nextInt(5)) + "-" + next++;
        data.put(key(name), bytes(value + ".".repeat(large ? 60 : 0)));
        state.put(name, value + ".".repeat(large ? 60 : 0));
      }
      if (!prepares && random.nextInt(3) == 0) {
        data.deleteRange(key("plain1"), key("plain2"));
        state.subMap("plain1", "plain2").clear();
      }
      underWay = state;
      if (prepares) {
        TreeMap<String, String> own1 = new TreeMap<>(state);
        own1.keySet().removeIf(name -> !name.startsWith("prepared"));
        prepared.put(globalId, own1);
        underWay = committed;
        transaction.prepare(globalId);
      } else {
        transaction.commit();
        committed.clear();
        committed.putAll(state);
      }
    }
    if (!prepared.isEmpty() && random.nextInt(3) == 0) {
      end(manager, prepared.firstKey(), random.nextBoolean());
    }
  }

  private void end(TransactionManager manager, String globalId, boolean commit) {
    TreeMap<String, String> state = new TreeMap<>(committed);
    if (commit) {
      state.putAll(prepared.get(globalId));
      underWay = state;
      manager.commitPrepared(globalId);
    } else {
      underWay = committed;
      manager.rollbackPrepared(globalId);
    }
    prepared.remove(globalId);
    TreeMap<String, String> now = new TreeMap<>(state);
    committed.clear();
    committed.putAll(now);
  }

  private void check(SimulatedFileSystem files) {
    LsmStore store = openStore(files);
    TransactionManager manager = open(store);
    try {
      Map<String, String> found = read(manager);
      assertTrue(
          found.equals(committed) || found.equals(underWay),
          () -> "found " + found + "\ncommitted " + committed + "\nunder way " + underWay);
      assertEquals(List.of(), manager.verify(Progress.NONE));
      for (String globalId : new ArrayList<>(manager.prepared())) {
        assertTrue(prepared.containsKey(globalId), globalId);
        manager.commitPrepared(globalId);
        TreeMap<String, String> expected = new TreeMap<>(found);
        expected.putAll(prepared.get(globalId));
        assertEquals(expected, read(manager));
      }
      assertEquals(List.of(), manager.verify(Progress.NONE));
      for (int keyspace :
          new int[] {PreparedFormat.KEYSPACE, dev.varve.txn.write.SpillFormat.KEYSPACE}) {
        try (Cursor left =
            store.scan(PhysicalKey.range(keyspace, KeyRange.all()), Long.MAX_VALUE)) {
          assertTrue(!left.next(), "left in keyspace " + keyspace);
        }
      }
      manager.autocommit().keyspace("data").put(key("after"), bytes("x"));
    } finally {
      manager.close();
      store.close();
    }
  }

  private static Map<String, String> read(TransactionManager manager) {
    Map<String, String> found = new TreeMap<>();
    try (Cursor cursor = manager.autocommit().keyspace("data").scan(KeyRange.all())) {
      while (cursor.next()) {
        found.put(text(cursor.key()), text(cursor.value()));
      }
    }
    return found;
  }

  private static byte[] key(String name) {
    return bytes(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
