// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.Compression;
import dev.varve.Progress;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.store.TimestampSource;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a store is opened. Immutable; each method with an argument returns a changed copy. Sizes that
 * are left at 0 are derived from the memory limit.
 */
public final class LsmOptions {
  private static final LsmOptions DEFAULTS = new LsmOptions();

  private long memoryLimitBytes = 256L << 20;
  private @Nullable MemoryBudget budget;
  private Compression compression = Compression.LZ4;
  private boolean createIfMissing = true;
  private @Nullable TimestampSource timestamps;
  private Progress progress = Progress.NONE;
  private IntUnaryOperator prefixes = keyspace -> 0;
  private int asyncIntervalMillis = 100;
  private int memTableBytes;
  private int logSegmentBytes;
  private long cacheBytes;
  private long fileBytes;
  private int blockBytes = 4 << 10;
  private int filterBits = 10;
  private int level0Runs = 4;
  private long baseLevelBytes;
  private int levelMultiplier = 10;
  private int compactionThreads;
  private long compactionBytesPerSecond;
  private long garbageAgeMillis = 24 * 3_600_000L;

  private LsmOptions() {}

  /** The defaults, as each method states them. */
  public static LsmOptions defaults() {
    return DEFAULTS;
  }

  /** All off-heap memory of the store; 256 MiB by default. Of no effect with {@link #budget}. */
  public LsmOptions memoryLimitBytes(long bytes) {
    LsmOptions changed = copy();
    changed.memoryLimitBytes = bytes;
    return changed;
  }

  /** A budget that the store shares with others, for instance with query work memory. */
  public LsmOptions budget(MemoryBudget shared) {
    LsmOptions changed = copy();
    changed.budget = Objects.requireNonNull(shared);
    return changed;
  }

  /** How blocks are stored; LZ4 by default. */
  public LsmOptions compression(Compression method) {
    LsmOptions changed = copy();
    changed.compression = Objects.requireNonNull(method);
    return changed;
  }

  /** Whether an absent store is created, true by default, or an error. */
  public LsmOptions createIfMissing(boolean create) {
    LsmOptions changed = copy();
    changed.createIfMissing = create;
    return changed;
  }

  /** Where commits get their timestamps; a counter by default. */
  public LsmOptions timestamps(TimestampSource source) {
    LsmOptions changed = copy();
    changed.timestamps = Objects.requireNonNull(source);
    return changed;
  }

  /** Is told how far recovery has come, in bytes of the log. */
  public LsmOptions progress(Progress listener) {
    LsmOptions changed = copy();
    changed.progress = Objects.requireNonNull(listener);
    return changed;
  }

  /**
   * For each keyspace, how many bytes after the keyspace prefix its look-ups by prefix give, so that
   * tables which cannot match are left out; 0 for none, which is the default.
   */
  public LsmOptions prefixes(IntUnaryOperator bytesByKeyspace) {
    LsmOptions changed = copy();
    changed.prefixes = Objects.requireNonNull(bytesByKeyspace);
    return changed;
  }

  /** The loss window of asynchronous commits on a power cut; 100 ms by default. */
  public LsmOptions asyncIntervalMillis(int millis) {
    LsmOptions changed = copy();
    changed.asyncIntervalMillis = millis;
    return changed;
  }

  /** The size of a memtable's arena. */
  public LsmOptions memTableBytes(int bytes) {
    LsmOptions changed = copy();
    changed.memTableBytes = bytes;
    return changed;
  }

  /** The size of a segment of the log; at least 64 KiB. */
  public LsmOptions logSegmentBytes(int bytes) {
    LsmOptions changed = copy();
    changed.logSegmentBytes = bytes;
    return changed;
  }

  /** The size of the block cache. */
  public LsmOptions cacheBytes(long bytes) {
    LsmOptions changed = copy();
    changed.cacheBytes = bytes;
    return changed;
  }

  /** The size at which compaction begins another table. */
  public LsmOptions fileBytes(long bytes) {
    LsmOptions changed = copy();
    changed.fileBytes = bytes;
    return changed;
  }

  /** The size of data blocks; 4 KiB by default. */
  public LsmOptions blockBytes(int bytes) {
    LsmOptions changed = copy();
    changed.blockBytes = bytes;
    return changed;
  }

  /** Bits a key in the filters; 10 by default. */
  public LsmOptions filterBits(int bitsPerKey) {
    LsmOptions changed = copy();
    changed.filterBits = bitsPerKey;
    return changed;
  }

  /** The number of runs of level 0 from which they are merged downwards; 4 by default. */
  public LsmOptions level0Runs(int runs) {
    LsmOptions changed = copy();
    changed.level0Runs = runs;
    return changed;
  }

  /** The size of the topmost level below 0. */
  public LsmOptions baseLevelBytes(long bytes) {
    LsmOptions changed = copy();
    changed.baseLevelBytes = bytes;
    return changed;
  }

  /** How much larger each level is than the one above; 10 by default. */
  public LsmOptions levelMultiplier(int times) {
    LsmOptions changed = copy();
    changed.levelMultiplier = times;
    return changed;
  }

  /** How many threads compact; 0, the default, for half of the processors. */
  public LsmOptions compactionThreads(int threads) {
    LsmOptions changed = copy();
    changed.compactionThreads = threads;
    return changed;
  }

  /** How fast compaction may write; 0, the default, for no limit. */
  public LsmOptions compactionBytesPerSecond(long bytes) {
    LsmOptions changed = copy();
    changed.compactionBytesPerSecond = bytes;
    return changed;
  }

  /** The age from which tables with garbage are rewritten however little it is; a day by default. */
  public LsmOptions garbageAgeMillis(long millis) {
    LsmOptions changed = copy();
    changed.garbageAgeMillis = millis;
    return changed;
  }

  public long memoryLimitBytes() {
    return budget == null ? memoryLimitBytes : budget.limitBytes();
  }

  MemoryBudget budget() {
    return budget == null ? new MemoryBudget(memoryLimitBytes) : budget;
  }

  public Compression compression() {
    return compression;
  }

  public boolean createIfMissing() {
    return createIfMissing;
  }

  @Nullable TimestampSource timestamps() {
    return timestamps;
  }

  Progress progress() {
    return progress;
  }

  IntUnaryOperator prefixes() {
    return prefixes;
  }

  public int asyncIntervalMillis() {
    return asyncIntervalMillis;
  }

  /** A tenth of memory each, since up to three of them are live at a time. */
  public int memTableBytes() {
    return memTableBytes > 0
        ? memTableBytes
        : (int) clamp(memoryLimitBytes() / 10, 1 << 20, 64 << 20);
  }

  /** An eighth of a memtable, within 1 and 32 MiB, unless set. */
  public int logSegmentBytes() {
    return logSegmentBytes > 0
        ? logSegmentBytes
        : (int) clamp(memTableBytes() / 8, 1 << 20, 32 << 20);
  }

  /** Half of memory, unless set: what memtables and log leave is for those above the store. */
  public long cacheBytes() {
    return cacheBytes > 0 ? cacheBytes : memoryLimitBytes() / 2;
  }

  /** As large as a memtable, within 2 and 64 MiB, unless set. */
  public long fileBytes() {
    return fileBytes > 0 ? fileBytes : clamp(memTableBytes(), 2 << 20, 64 << 20);
  }

  public int blockBytes() {
    return blockBytes;
  }

  public int filterBits() {
    return filterBits;
  }

  public int level0Runs() {
    return level0Runs;
  }

  /** As many memtables as level 0 has runs, unless set. */
  public long baseLevelBytes() {
    return baseLevelBytes > 0 ? baseLevelBytes : (long) level0Runs * memTableBytes();
  }

  public int levelMultiplier() {
    return levelMultiplier;
  }

  public int compactionThreads() {
    return compactionThreads > 0
        ? compactionThreads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  public long compactionBytesPerSecond() {
    return compactionBytesPerSecond;
  }

  public long garbageAgeMillis() {
    return garbageAgeMillis;
  }

  private static long clamp(long value, long least, long most) {
    return Math.max(least, Math.min(most, value));
  }

  private LsmOptions copy() {
    LsmOptions copy = new LsmOptions();
    copy.memoryLimitBytes = memoryLimitBytes;
    copy.budget = budget;
    copy.compression = compression;
    copy.createIfMissing = createIfMissing;
    copy.timestamps = timestamps;
    copy.progress = progress;
    copy.prefixes = prefixes;
    copy.asyncIntervalMillis = asyncIntervalMillis;
    copy.memTableBytes = memTableBytes;
    copy.logSegmentBytes = logSegmentBytes;
    copy.cacheBytes = cacheBytes;
    copy.fileBytes = fileBytes;
    copy.blockBytes = blockBytes;
    copy.filterBits = filterBits;
    copy.level0Runs = level0Runs;
    copy.baseLevelBytes = baseLevelBytes;
    copy.levelMultiplier = levelMultiplier;
    copy.compactionThreads = compactionThreads;
    copy.compactionBytesPerSecond = compactionBytesPerSecond;
    copy.garbageAgeMillis = garbageAgeMillis;
    return copy;
  }
}
