// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the log of a store that another process may be writing, or that is damaged: maps its segments
 * for reading and changes nothing. A segment that is used again meanwhile shows as the end of the
 * log, since its records have another number and salt then. One thread; the opener closes.
 */
public final class LogFollower implements AutoCloseable {
  private final Map<Path, MappedFile> mapped = new HashMap<>();
  private final List<WalSegment> segments = new ArrayList<>();

  private LogFollower() {}

  /**
   * Maps the segments that are there now. Numbers are given in order, so every segment up to the
   * greatest number that a first look finds is there at a second look, unless it was released; what
   * begins later is left out, that no segment seems to be missing.
   */
  public static LogFollower open(FileSystem files, Path directory) throws IOException {
    LogFollower log = new LogFollower();
    boolean done = false;
    try {
      log.mapAll(files, directory);
      long greatest = 0;
      for (MappedFile file : log.mapped.values()) {
        greatest = Math.max(greatest, WalFormat.readHeader(file.buffer()));
      }
      log.mapAll(files, directory);
      for (Map.Entry<Path, MappedFile> each : log.mapped.entrySet()) {
        long number = WalFormat.readHeader(each.getValue().buffer());
        if (number != 0 && number <= greatest) {
          log.segments.add(new WalSegment(each.getKey(), each.getValue(), number));
        }
      }
      done = true;
    } finally {
      if (!done) {
        log.close();
      }
    }
    return log;
  }

  private void mapAll(FileSystem files, Path directory) throws IOException {
    for (String name : files.list(directory)) {
      Path path = directory.resolve(name);
      if (WalFormat.place(name) != 0 && !mapped.containsKey(path)) {
        try {
          mapped.put(path, files.mapReadOnly(path));
        } catch (NoSuchFileException removed) {
          // Released between listing and mapping: nothing in it is needed any more.
          continue;
        }
      }
    }
  }

  /** Hands out all whole commits from a position on that are later than a timestamp. */
  public WalReader.End replay(long from, long after, WalReader.Visitor visitor) {
    return new WalReader(segments).replay(from, after, 0, visitor, null);
  }

  /** Hands out every whole commit, whatever is damaged between them. */
  public void salvage(WalReader.Visitor visitor) {
    new WalReader(segments).salvage(visitor);
  }

  /** Hands out every whole record from a position on, for the inspector. */
  public WalReader.End records(long from, WalReader.RecordVisitor visitor) {
    return new WalReader(segments)
        .replay(from, 0, 0, (timestamp, end, data, offset, length) -> {}, visitor);
  }

  @Override
  public void close() {
    mapped.values().forEach(MappedFile::close);
    mapped.clear();
    segments.clear();
  }
}
