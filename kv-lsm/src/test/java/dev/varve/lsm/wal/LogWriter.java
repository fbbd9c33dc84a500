// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes to a log and reads it back, one thread, without a pipeline. */
final class LogWriter implements AutoCloseable {
  static final Path DIRECTORY = Path.of("/db");

  /** A commit as it was written or read. */
  record Commit(long timestamp, byte[] payload) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Commit commit
          && timestamp == commit.timestamp
          && Arrays.equals(payload, commit.payload);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(timestamp);
    }

    @Override
    public String toString() {
      return timestamp + ":" + payload.length;
    }
  }

  final Wal wal;
  final List<Commit> replayed = new ArrayList<>();
  final WalReader.End end;
  private final WalRecordWriter writer = new WalRecordWriter();

  LogWriter(FileSystem files, int segmentBytes, long from) throws IOException {
    this(files, segmentBytes, from, 0);
  }

  LogWriter(FileSystem files, int segmentBytes, long from, long wholeUntil) throws IOException {
    files.createDirectories(DIRECTORY);
    wal =
        Wal.open(
            files,
            DIRECTORY,
            segmentBytes,
            Long.MAX_VALUE >> 2,
            new MemoryBudget(1L << 40),
            Runnable::run,
            from);
    boolean done = false;
    try {
      end =
          wal.replay(
              from,
              0,
              wholeUntil,
              (timestamp, position, data, offset, length) ->
                  replayed.add(
                      new Commit(timestamp, Arrays.copyOfRange(data, offset, offset + length))));
      done = true;
    } finally {
      if (!done) {
        wal.close();
      }
    }
  }

  LogWriter start() throws IOException {
    wal.start();
    return this;
  }

  /** Appends and says so; returns the position behind it. */
  long append(long timestamp, byte[] payload) {
    if (!wal.tryReserve(payload.length)) {
      wal.awaitSegment(payload.length);
      assertTrue(wal.tryReserve(payload.length));
    }
    WalSegment segment = wal.segment();
    writer.commit(
        segment,
        wal.recordAt(payload.length),
        wal.confirmed(segment),
        timestamp,
        payload,
        0,
        payload.length);
    wal.written(wal.position());
    return wal.position();
  }

  /** Takes room and leaves it as it is, as a process does that dies then. */
  void leaveHole(int bytes) {
    assertTrue(wal.tryReserve(bytes));
  }

  @Override
  public void close() {
    wal.close();
  }
}
