// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;

/**
 * The program that is killed. It checks what the last one left, says so, and then writes until it dies.
 *
 * <p>Each thread has a keyspace of its own: a counter, and a ring of entries of which each commit changes
 * some in a way that only depends on the counter. So the counter alone says what the ring must hold.
 */
final class KillTarget {
  static final int THREADS = 3;
  private static final int RING = 256;

  private KillTarget() {}

  /** Arguments: the store's directory, the file of acknowledgements. */
  public static void main(String[] arguments) throws Exception {
    Acknowledgements acknowledgements = Acknowledgements.open(Path.of(arguments[1]));
    LsmStore store = open(Path.of(arguments[0]));
    long[] counters = new long[THREADS];
    for (int thread = 0; thread < THREADS; thread++) {
      counters[thread] = check(store, acknowledgements, thread);
    }
    System.out.println("checked " + Arrays.toString(counters));
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      new Thread(() -> writeForEver(store, acknowledgements, number, counters[number])).start();
    }
  }

  static LsmStore open(Path directory) {
    LsmOptions options =
        LsmOptions.defaults()
            .memoryLimitBytes(32 << 20)
            .memTableBytes(1 << 20)
            .fileBytes(1 << 18)
            .baseLevelBytes(1 << 20)
            .asyncIntervalMillis(5);
    return LsmStore.open(new LocalFileSystem(), directory, options);
  }

  /** Fails unless the ring is as the counter says, and no acknowledged commit is missing. */
  static long check(VersionedStore store, Acknowledgements acknowledgements, int thread) {
    byte[] counterKey = counterKey(thread);
    byte[] value = store.get(counterKey, 0, counterKey.length, VersionedStore.NEWEST);
    long counter = value == null ? 0 : ByteBuffer.wrap(value).getLong();
    long acknowledged = acknowledgements.acknowledged(thread);
    long begun = acknowledgements.begun(thread);
    require(
        counter >= acknowledged && counter <= begun,
        "thread "
            + thread
            + " counter="
            + counter
            + " acknowledged="
            + acknowledged
            + " begun="
            + begun);
    NavigableMap<byte[], byte[]> expected = expected(thread, counter);
    byte[] prefix = KeyspacePrefix.of(thread + 1);
    try (BatchCursor cursor = store.scan(KeyRange.prefix(prefix), VersionedStore.NEWEST)) {
      for (var entry : expected.entrySet()) {
        require(cursor.next(), "thread " + thread + " counter=" + counter + ": entries missing");
        require(
            Arrays.equals(entry.getKey(), cursor.key())
                && Arrays.equals(entry.getValue(), cursor.value()),
            "thread "
                + thread
                + " counter="
                + counter
                + ": wrong entry "
                + Arrays.toString(cursor.key())
                + " instead of "
                + Arrays.toString(entry.getKey()));
      }
      require(!cursor.next(), "thread " + thread + " counter=" + counter + ": entries too many");
    }
    return counter;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  private static NavigableMap<byte[], byte[]> expected(int thread, long counter) {
    NavigableMap<byte[], byte[]> state = Model.empty();
    for (long n = Math.max(1, counter - RING + 1); n <= counter; n++) {
      commit(thread, n).forEach(change -> change.applyTo(state));
    }
    return state;
  }

  /** What the n-th commit of a thread changes. */
  private static List<Change> commit(int thread, long n) {
    SplittableRandom random = new SplittableRandom(thread * 1_000_003L + n);
    List<Change> changes = new ArrayList<>();
    changes.add(Change.put(counterKey(thread), ByteBuffer.allocate(8).putLong(n).array()));
    if (n % 5 == 0) {
      changes.add(Change.delete(slotKey(thread, random.nextInt(RING))));
    }
    if (n % 40 == 0) {
      int from = random.nextInt(RING - 8);
      changes.add(Change.deleteRange(slotKey(thread, from), slotKey(thread, from + 8)));
    }
    byte[] value = new byte[20 + random.nextInt(n % 100 == 0 ? 40_000 : 300)];
    random.nextBytes(value);
    changes.add(Change.put(slotKey(thread, (int) (n % RING)), value));
    return changes;
  }

  private static byte[] counterKey(int thread) {
    return History.key(thread + 1, 0);
  }

  private static byte[] slotKey(int thread, int slot) {
    byte[] prefix = KeyspacePrefix.of(thread + 1);
    return ByteBuffer.allocate(prefix.length + 4).put(prefix).putInt(slot).array();
  }

  private static void writeForEver(
      LsmStore store, Acknowledgements acknowledgements, int thread, long counter) {
    SplittableRandom random = new SplittableRandom();
    Operations operations = new Operations(1 << 12);
    for (long n = counter + 1; ; n++) {
      operations.clear(1 << 16);
      commit(thread, n).forEach(change -> change.addTo(operations));
      acknowledgements.begin(thread, n);
      store.commit(operations, Durability.values()[random.nextInt(3)], null);
      acknowledgements.acknowledge(thread, n);
      if (random.nextInt(2000) == 0) {
        store.flush();
      }
    }
  }
}
