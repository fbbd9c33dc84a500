// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the log of a store that another process may be writing, or that is damaged: maps its segments
 * for reading and changes nothing. A segment that is used again meanwhile shows as the end of the
 * log, since its records have another number and salt then. One thread; the opener closes.
 */
public final class LogFollower implements AutoCloseable {
  private final List<MappedFile> mapped = new ArrayList<>();
  private final List<WalSegment> segments = new ArrayList<>();

  private LogFollower() {}

  /** Maps the segments that are there now. */
  public static LogFollower open(FileSystem files, Path directory) throws IOException {
    LogFollower log = new LogFollower();
    boolean done = false;
    try {
      for (String name : files.list(directory)) {
        if (WalFormat.place(name) != 0) {
          log.map(files, directory.resolve(name));
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

  private void map(FileSystem files, Path path) throws IOException {
    MappedFile file;
    try {
      file = files.mapReadOnly(path);
    } catch (NoSuchFileException removed) {
      return;
    }
    mapped.add(file);
    long number = WalFormat.readHeader(file.buffer());
    if (number != 0) {
      segments.add(new WalSegment(path, file, number));
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
    mapped.forEach(MappedFile::close);
    mapped.clear();
    segments.clear();
  }
}
