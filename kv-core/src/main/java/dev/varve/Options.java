// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** How a database is opened. Immutable; each method that takes an argument returns a changed copy. */
public final class Options {
  /** The least memory a database works with, in bytes. */
  public static final long MIN_MEMORY_BYTES = 16L << 20;

  private static final Options DEFAULTS = new Options();

  private Durability durability = Durability.SYNC;
  private IsolationLevel isolation = IsolationLevel.REPEATABLE_READ;
  private long memoryLimitBytes = 256L << 20;
  private Compression compression = Compression.LZ4;
  private boolean createIfMissing = true;
  private boolean readOnly;
  private Duration timeTravel = Duration.ZERO;
  private Duration lockTimeout = Duration.ofSeconds(10);
  private long workMemoryBytes = 32L << 20;
  private Map<String, Extractor> extractors = Map.of();
  private Progress progress = Progress.NONE;

  private Options() {}

  /** The defaults, as each method states them. */
  public static Options defaults() {
    return DEFAULTS;
  }

  /** When a commit is safe from a power cut; {@link Durability#SYNC} by default. */
  public Options durability(Durability level) {
    Options changed = copy();
    changed.durability = Objects.requireNonNull(level);
    return changed;
  }

  /** The isolation of transactions that name none; {@code REPEATABLE_READ} by default. */
  public Options isolation(IsolationLevel level) {
    Options changed = copy();
    changed.isolation = Objects.requireNonNull(level);
    return changed;
  }

  /**
   * All off-heap memory of this database: memtables, cache, filters, query work memory. 256 MiB by
   * default, at least {@link #MIN_MEMORY_BYTES}.
   */
  public Options memoryLimit(long bytes) {
    if (bytes < MIN_MEMORY_BYTES) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The memory limit is too small to work with.")
          .fact("memoryLimit", bytes)
          .fact("atLeast", MIN_MEMORY_BYTES)
          .build();
    }
    Options changed = copy();
    changed.memoryLimitBytes = bytes;
    return changed;
  }

  /** How blocks are stored; {@link Compression#LZ4} by default. */
  public Options compression(Compression method) {
    Options changed = copy();
    changed.compression = Objects.requireNonNull(method);
    return changed;
  }

  /** Whether an absent database is created, true by default, or an error. */
  public Options createIfMissing(boolean create) {
    Options changed = copy();
    changed.createIfMissing = create;
    return changed;
  }

  /** Whether to open beside a live writer, reading a snapshot; false by default. */
  public Options readOnly(boolean onlyRead) {
    Options changed = copy();
    changed.readOnly = onlyRead;
    return changed;
  }

  /** How far back {@link Database#asOf} reaches; zero by default. */
  public Options timeTravel(Duration window) {
    if (window.isNegative()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The time-travel window cannot be negative.")
          .fact("timeTravel", window)
          .build();
    }
    Options changed = copy();
    changed.timeTravel = window;
    return changed;
  }

  /** How long a transaction waits for a lock; 10 s by default, zero fails at once. */
  public Options lockTimeout(Duration patience) {
    if (patience.isNegative()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A lock timeout cannot be negative.")
          .fact("lockTimeout", patience)
          .build();
    }
    Options changed = copy();
    changed.lockTimeout = patience;
    return changed;
  }

  /** The memory one query may use before it spills to disk, in bytes; 32 MiB by default. */
  public Options workMemory(long bytes) {
    if (bytes < 1 << 20) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The work memory is too small to work with.")
          .fact("workMemory", bytes)
          .fact("atLeast", 1 << 20)
          .build();
    }
    Options changed = copy();
    changed.workMemoryBytes = bytes;
    return changed;
  }

  /** Gives the extractor of the index {@code name} again after a reopen. */
  public Options extractor(String name, Extractor extractor) {
    Options changed = copy();
    Map<String, Extractor> all = new HashMap<>(extractors);
    all.put(Objects.requireNonNull(name), Objects.requireNonNull(extractor));
    changed.extractors = Map.copyOf(all);
    return changed;
  }

  /** Who is told how far a recovery has come. */
  public Options progress(Progress listener) {
    Options changed = copy();
    changed.progress = Objects.requireNonNull(listener);
    return changed;
  }

  public Durability durability() {
    return durability;
  }

  public IsolationLevel isolation() {
    return isolation;
  }

  public long memoryLimitBytes() {
    return memoryLimitBytes;
  }

  public Compression compression() {
    return compression;
  }

  public boolean createIfMissing() {
    return createIfMissing;
  }

  public boolean readOnly() {
    return readOnly;
  }

  public Duration timeTravel() {
    return timeTravel;
  }

  public Duration lockTimeout() {
    return lockTimeout;
  }

  public long workMemoryBytes() {
    return workMemoryBytes;
  }

  public Map<String, Extractor> extractors() {
    return extractors;
  }

  public Progress progress() {
    return progress;
  }

  private Options copy() {
    Options copy = new Options();
    copy.durability = durability;
    copy.isolation = isolation;
    copy.memoryLimitBytes = memoryLimitBytes;
    copy.compression = compression;
    copy.createIfMissing = createIfMissing;
    copy.readOnly = readOnly;
    copy.timeTravel = timeTravel;
    copy.lockTimeout = lockTimeout;
    copy.workMemoryBytes = workMemoryBytes;
    copy.extractors = extractors;
    copy.progress = progress;
    return copy;
  }
}
