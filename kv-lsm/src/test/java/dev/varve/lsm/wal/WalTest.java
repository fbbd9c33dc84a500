// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.wal.LogWriter.Commit;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WalTest {
  private static final int SEGMENT_BYTES = 1024;

  @Test
  void replaysWhatWasWrittenAcrossSegmentsAndOversizedRecords() {
    Seed.run(
        (seed, random) -> {
          FileSystem files = new InMemoryFileSystem();
          List<Commit> written = new ArrayList<>();
          for (int opening = 0; opening < 3; opening++) {
            try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0)) {
              assertEquals(written, log.replayed);
              assertEquals(opening > 0, log.end.closed());
              log.start();
              for (int i = 0; i < 50; i++) {
                append(log, written, payload(random, i == 25 ? 5000 : random.nextInt(300)));
              }
            }
          }
        });
  }

  @Test
  void goesOnAfterTheLastWholeRecordWhereverTheTailIsTorn() {
    Seed.run(
        (seed, random) -> {
          FileSystem files = new InMemoryFileSystem();
          List<Commit> written = new ArrayList<>();
          List<Long> ends = new ArrayList<>();
          try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
            for (int i = 0; i < 5; i++) {
              append(log, written, payload(random, random.nextInt(60)));
              ends.add(log.wal.position());
            }
            Map<Path, byte[]> killed = copy(files);
            int last = WalFormat.offset(ends.get(4));
            for (int cut = WalFormat.RECORDS_AT; cut <= last; cut++) {
              int whole = 0;
              while (whole < 5 && WalFormat.offset(ends.get(whole)) <= cut) {
                whole++;
              }
              goesOnFrom(tear(killed, cut, random), written, whole, cut);
            }
          }
        });
  }

  private static void goesOnFrom(FileSystem torn, List<Commit> written, int whole, int cut)
      throws IOException {
    List<Commit> expected = new ArrayList<>();
    try (LogWriter log = new LogWriter(torn, SEGMENT_BYTES, 0)) {
      int found = log.replayed.size();
      // Zeros may be what was written anyway, so that a record torn in its padding is whole.
      assertTrue(found >= whole && found <= whole + 1, "cut at " + cut + " found " + found);
      assertEquals(written.subList(0, found), log.replayed, "cut at " + cut);
      expected.addAll(log.replayed);
      log.start();
      append(log, expected, new byte[] {1, 2, 3});
    }
    try (LogWriter again = new LogWriter(torn, SEGMENT_BYTES, 0)) {
      assertEquals(expected, again.replayed, "cut at " + cut);
      assertTrue(again.end.closed());
    }
  }

  @Test
  void findsEveryFlippedBitOfAClosedLog() {
    Seed.run(
        (seed, random) -> {
          FileSystem files = new InMemoryFileSystem();
          List<Commit> written = new ArrayList<>();
          try (LogWriter log = new LogWriter(files, 512, 0).start()) {
            for (int i = 0; i < 12; i++) {
              append(log, written, payload(random, 20 + random.nextInt(60)));
            }
          }
          Map<Path, byte[]> closed = copy(files);
          int found = 0;
          for (Path file : closed.keySet()) {
            for (int bit = 0; bit < closed.get(file).length * 8; bit++) {
              closed.get(file)[bit >> 3] ^= (byte) (1 << (bit & 7));
              FileSystem damaged = paste(closed);
              try (LogWriter log = new LogWriter(damaged, 512, 0)) {
                assertEquals(written, log.replayed, file + " bit " + bit);
              } catch (VarveException refused) {
                assertEquals(ErrorCode.CORRUPTION, refused.code(), file + " bit " + bit);
                found++;
              }
              closed.get(file)[bit >> 3] ^= (byte) (1 << (bit & 7));
            }
          }
          assertTrue(found > 12 * 8 * 44, "only " + found + " found");
        });
  }

  @Test
  void namesFileAndOffsetOfDamageBeforeTheTail() throws IOException {
    FileSystem files = new InMemoryFileSystem();
    long first;
    try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
      first = log.append(1, new byte[40]);
      log.append(2, new byte[40]);
      log.append(3, new byte[40]);
    }
    Map<Path, byte[]> bytes = copy(files);
    Path file = LogWriter.DIRECTORY.resolve("wal-0001.log");
    bytes.get(file)[WalFormat.offset(first) + 30] ^= 4;
    VarveException refused =
        assertThrows(
            VarveException.class, () -> new LogWriter(paste(bytes), SEGMENT_BYTES, 0).close());
    assertEquals(ErrorCode.CORRUPTION, refused.code());
    assertEquals(file.toString(), refused.facts().get("file"));
    assertEquals(String.valueOf(WalFormat.offset(first)), refused.facts().get("offset"));
    assertEquals("1", refused.facts().get("wholeCommitsAfter"));
  }

  @Test
  void takesAHoleBeforeUnconfirmedRecordsForTheEnd() throws IOException {
    FileSystem files = new InMemoryFileSystem();
    try (LogWriter killed = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
      killed.append(1, new byte[10]);
      killed.leaveHole(40);
      killed.append(3, new byte[10]);
      FileSystem after = paste(copy(files));
      try (LogWriter log = new LogWriter(after, SEGMENT_BYTES, 0)) {
        assertEquals(List.of(new Commit(1, new byte[10])), log.replayed);
        long known = log.end.position() + 8;
        assertThrows(
            VarveException.class, () -> new LogWriter(after, SEGMENT_BYTES, 0, known).close());
        log.start();
        log.append(4, new byte[11]);
      }
      try (LogWriter log = new LogWriter(after, SEGMENT_BYTES, 0)) {
        assertEquals(
            List.of(new Commit(1, new byte[10]), new Commit(4, new byte[11])), log.replayed);
      }
    }
  }

  @Test
  void neverTakesWhatAnEarlierUseOfASegmentLeftForLive() throws IOException {
    FileSystem files = new InMemoryFileSystem();
    try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
      long timestamp = 0;
      for (int round = 0; round < 20; round++) {
        long begin = log.wal.position();
        for (int i = 0; i < 24; i++) {
          log.append(++timestamp, new byte[100]);
        }
        log.wal.release(begin);
        assertTrue(log.wal.liveSegments() <= 6);
      }
      assertTrue(files.list(LogWriter.DIRECTORY).size() <= 10);
      long from = log.wal.oldestPosition();
      FileSystem after = paste(copy(files));
      try (LogWriter heir = new LogWriter(after, SEGMENT_BYTES, from)) {
        long expected = heir.replayed.get(0).timestamp();
        for (Commit commit : heir.replayed) {
          assertEquals(expected++, commit.timestamp());
        }
        assertEquals(timestamp, expected - 1);
      }
    }
  }

  @Test
  void saysThatTheDiskIsFullAndGoesOnWhenItIsNot() throws IOException {
    MemoryBudget disk = new MemoryBudget(6 * SEGMENT_BYTES);
    FileSystem files = new InMemoryFileSystem(disk);
    try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
      long timestamp = 0;
      VarveException full = null;
      while (full == null && timestamp < 1000) {
        try {
          log.append(timestamp + 1, new byte[100]);
          timestamp++;
        } catch (VarveException refused) {
          full = refused;
        }
      }
      assertEquals(ErrorCode.DISK_FULL, full.code());
      long lastWhole = timestamp;
      FileSystem after = paste(copy(files));
      try (LogWriter heir = new LogWriter(after, SEGMENT_BYTES, 0)) {
        assertEquals(lastWhole, heir.end.lastTimestamp());
      }
      log.wal.release(log.wal.position());
      log.append(++timestamp, new byte[100]);
      assertEquals(lastWhole + 1, timestamp);
    }
  }

  @Test
  void refusesEverythingAfterAFailedForce() throws IOException {
    FailingFileSystem files = new FailingFileSystem(new InMemoryFileSystem());
    try (LogWriter log = new LogWriter(files, SEGMENT_BYTES, 0).start()) {
      log.wal.awaitSynced(log.append(1, new byte[10]));
      assertEquals(log.wal.position(), log.wal.syncedPosition());
      files.failSync = true;
      long second = log.append(2, new byte[10]);
      VarveException refused =
          assertThrows(VarveException.class, () -> log.wal.awaitSynced(second));
      assertEquals(ErrorCode.IO, refused.code());
      files.failSync = false;
      assertThrows(VarveException.class, () -> log.wal.awaitSynced(second));
      assertTrue(log.wal.failure() != null);
      assertTrue(log.wal.syncedPosition() < second);
      assertThrows(VarveException.class, log.wal::close);
    }
  }

  @Test
  void forcesInTheBackgroundWithinTheInterval() throws Exception {
    FileSystem files = new InMemoryFileSystem();
    files.createDirectories(LogWriter.DIRECTORY);
    Wal wal =
        Wal.open(
            files,
            LogWriter.DIRECTORY,
            SEGMENT_BYTES,
            1_000_000,
            new MemoryBudget(1L << 30),
            Runnable::run,
            0);
    wal.start();
    WalRecordWriter writer = new WalRecordWriter();
    assertTrue(wal.tryReserve(8));
    writer.commit(wal.segment(), wal.recordAt(8), 0, 1, new byte[8], 0, 8);
    wal.written(wal.position());
    assertTrue(wal.syncedPosition() < wal.position());
    wal.syncSoon();
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (wal.syncedPosition() < wal.position()) {
      assertTrue(System.nanoTime() < deadline, "not forced in the background");
      Thread.onSpinWait();
    }
    wal.close();
    assertFalse(wal.lossWindowNanos() > 0);
  }

  private static void append(LogWriter log, List<Commit> written, byte[] payload) {
    long timestamp = written.size() + 1;
    log.append(timestamp, payload);
    written.add(new Commit(timestamp, payload));
  }

  private static byte[] payload(RandomGenerator random, int bytes) {
    byte[] payload = new byte[bytes];
    random.nextBytes(payload);
    return payload;
  }

  /** What the files hold, as another process sees it. */
  static Map<Path, byte[]> copy(FileSystem files) throws IOException {
    Map<Path, byte[]> copies = new TreeMap<>();
    for (String name : files.list(LogWriter.DIRECTORY)) {
      Path path = LogWriter.DIRECTORY.resolve(name);
      byte[] bytes = new byte[(int) files.sizeBytes(path)];
      try (MappedFile file = files.mapReadOnly(path)) {
        file.buffer().get(0, bytes);
      }
      copies.put(path, bytes);
    }
    return copies;
  }

  static FileSystem paste(Map<Path, byte[]> copies) throws IOException {
    FileSystem files = new InMemoryFileSystem();
    files.createDirectories(LogWriter.DIRECTORY);
    for (Map.Entry<Path, byte[]> copy : copies.entrySet()) {
      try (MappedFile file = files.mapWritable(copy.getKey(), copy.getValue().length)) {
        ByteBuffer buffer = file.buffer();
        buffer.put(0, copy.getValue());
      }
    }
    return files;
  }

  /** Zeros, or what an earlier use may have left, from {@code cut} on in the first segment. */
  private static FileSystem tear(Map<Path, byte[]> killed, int cut, RandomGenerator random)
      throws IOException {
    Map<Path, byte[]> torn = new TreeMap<>(killed);
    Path first = LogWriter.DIRECTORY.resolve("wal-0001.log");
    byte[] bytes = killed.get(first).clone();
    boolean zeros = random.nextBoolean();
    for (int i = cut; i < bytes.length; i++) {
      bytes[i] = zeros ? 0 : (byte) random.nextInt();
    }
    torn.put(first, bytes);
    return paste(torn);
  }
}
