// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.Cursor;
import dev.varve.Database;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.Transaction;
import dev.varve.VarveException;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups beside two writers that move money between accounts and count what they have committed. Of
 * each commit the timestamp is known, so that of each backup it is known what must be in it, exactly.
 */
final class BackupUnderLoadTest {
  private static final int ACCOUNTS = 64;
  private static final long BALANCE = 1_000;
  private static final int WRITERS = 2;
  private static final int MAX_PAIRS = 10;
  private static final int PADDING_BYTES = 4_000;

  @TempDir Path scratch;

  @Test
  void everyBackupIsTheStateAtItsTimestamp() {
    run(8);
  }

  @Test
  @Tag("slow")
  void hundredBackupsAreTheStatesAtTheirTimestamps() {
    run(100);
  }

  private void run(int backups) {
    Seed.run(
        (seed, random) -> {
          List<NavigableMap<Long, Long>> commits = new ArrayList<>();
          Path directory = scratch.resolve("backups");
          List<BackupInfo> made = new ArrayList<>();
          AtomicBoolean stop = new AtomicBoolean();
          ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
          try (Database db = Database.open(scratch.resolve("db.varve"))) {
            for (int i = 0; i < ACCOUNTS; i++) {
              db.put(account(i), number(BALANCE));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
              int writer = w;
              NavigableMap<Long, Long> log = new ConcurrentSkipListMap<>();
              commits.add(log);
              RandomGenerator numbers = Seed.random(seed + w);
              writers.add(threads.submit(() -> write(db, writer, numbers, log, stop)));
            }
            try {
              for (int i = 0; i < backups; i++) {
                awaitCommits(commits, writers);
                made.add(db.backup(directory));
              }
            } finally {
              stop.set(true);
              threads.shutdown();
            }
            for (Future<?> writer : writers) {
              writer.get();
            }
            db.compact(); // so that merges come to an end
            made.add(db.backup(directory));
            long merges;
            BackupInfo again;
            int pairs = 0;
            do {
              assertTrue(++pairs <= MAX_PAIRS, "merges never come to an end");
              merges = db.statistics().get("compaction.count");
              db.backup(directory);
              again = db.backup(directory);
            } while (db.statistics().get("compaction.count") != merges);
            assertEquals(0, again.copiedBytes(), "nothing has changed");
          } finally {
            stop.set(true);
            threads.shutdownNow();
          }
          Backup.verify(directory);
          assertTrue(
              made.stream().skip(1).anyMatch(each -> each.copiedBytes() < each.totalBytes()),
              "no backup used files of an earlier one");
          for (BackupInfo backup : made) {
            check(directory, backup, commits);
          }
        });
  }

  /** At least one commit of each writer between two backups. */
  private static void awaitCommits(List<NavigableMap<Long, Long>> commits, List<Future<?>> writers)
      throws Exception {
    int[] before = commits.stream().mapToInt(Map::size).toArray();
    for (int w = 0; w < before.length; w++) {
      while (commits.get(w).size() == before[w]) {
        if (writers.get(w).isDone()) {
          writers.get(w).get();
        }
        Thread.onSpinWait();
      }
    }
  }

  private static void write(
      Database db,
      int writer,
      RandomGenerator random,
      NavigableMap<Long, Long> log,
      AtomicBoolean stop) {
    byte[] padding = new byte[PADDING_BYTES];
    for (long count = 1; !stop.get(); count++) {
      long written = count;
      int from = random.nextInt(ACCOUNTS);
      int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      long amount = random.nextLong(1, 50);
      random.nextBytes(padding);
      log.put(commit(db, writer, written, from, to, amount, padding), written);
    }
  }

  /** Returns the commit's timestamp. */
  private static long commit(
      Database db, int writer, long count, int from, int to, long amount, byte[] padding) {
    while (true) {
      try (Transaction tx = db.begin()) {
        tx.put(account(from), number(number(tx.get(account(from))) - amount));
        tx.put(account(to), number(number(tx.get(account(to))) + amount));
        tx.put(counter(writer), number(count));
        tx.put(key("padding-" + writer + "-" + count % 500), padding);
        return tx.commit();
      } catch (VarveException failure) {
        if (!failure.isRetryable()) {
          throw failure;
        }
      }
    }
  }

  private void check(Path directory, BackupInfo backup, List<NavigableMap<Long, Long>> commits)
      throws Exception {
    Path restored = scratch.resolve("restored-" + backup.id());
    Backup.restore(directory, backup.id(), restored, Progress.NONE);
    try (Database db = Database.open(restored)) {
      assertEquals(List.of(), db.verify(Progress.NONE));
      long sum = 0;
      try (Cursor cursor = db.scan(KeyRange.prefix(key("account-")))) {
        while (cursor.next()) {
          sum += number(cursor.value());
        }
      }
      assertEquals(ACCOUNTS * BALANCE, sum, "the sum in backup " + backup.id());
      for (int w = 0; w < WRITERS; w++) {
        Map.Entry<Long, Long> last = commits.get(w).floorEntry(backup.timestamp());
        byte[] found = db.get(counter(w));
        assertEquals(
            last == null ? 0 : last.getValue(),
            found == null ? 0 : number(found),
            "commits of writer " + w + " in backup " + backup.id());
      }
    }
    deleteTree(restored);
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static byte[] account(int i) {
    return key("account-" + i);
  }

  private static byte[] counter(int writer) {
    return key("counter-" + writer);
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
