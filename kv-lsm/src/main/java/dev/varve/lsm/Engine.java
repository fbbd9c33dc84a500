// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Counter;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.TimestampSource;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.commit.CommitPipeline;
import dev.varve.lsm.commit.MemTableSource;
import dev.varve.lsm.compaction.CompactionPicker;
import dev.varve.lsm.compaction.CompactionPlan;
import dev.varve.lsm.compaction.Compactor;
import dev.varve.lsm.compaction.RateLimiter;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.event.RecoveryEvent;
import dev.varve.lsm.flush.Flusher;
import dev.varve.lsm.memtable.ArenaPool;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.Pins;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.table.TableOptions;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.ManifestState;
import dev.varve.lsm.version.StorageErrors;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import dev.varve.lsm.wal.Wal;
import dev.varve.lsm.worker.StoppedException;
import dev.varve.lsm.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a store that is open for writing, put together: recovery, the threads, and the order
 * in which everything ends.
 *
 * <p>Threads: {@code varve-flush} writes memtables; {@code varve-compact-n} merge tables; {@code
 * varve-reclaim} gives back what nobody reads; {@code varve-files-n} prepare files ahead of time; the
 * log's own forces it. Locks, outermost first: the compactor's, the version set's {@code changing},
 * the commit lock, the views', the version set's {@code counting}.
 */
final class Engine implements Backing {
  private static final int MAX_WAITING_MEMTABLES = 2;
  private static final int TICK_MILLIS = 500;
  private static final long CLOSE_PATIENCE_NANOS = 10_000_000_000L;
  private static final int FILE_THREADS = 2;

  private final LsmOptions options;
  private final MemoryBudget budget;
  private final Metrics metrics = new Metrics();
  private final ThreadPoolExecutor preparers;
  private final AutoCloseable directoryLock;
  private final BlockCache cache;
  private final TableMaker maker;
  private final VersionSet versions;
  private final Pins pins;
  private final ArenaPool arenas;
  private final Wal wal;
  private final Views views;
  private final Flusher flusher;
  private final Compactor compactor;
  private final Throttle throttle;
  private final CommitPipeline commits;

  private final Worker flushing;
  private final List<Worker> compacting = new ArrayList<>();
  private final Worker reclaiming;

  private final ReentrantLock waiting = new ReentrantLock();
  private final Condition flushed = waiting.newCondition();

  private final Counter flushCount = metrics.counter("flush.count");
  private final Counter flushedBytes = metrics.counter("flush.writtenBytes");
  private final Counter compactionCount = metrics.counter("compaction.count");
  private final Counter compactionRead = metrics.counter("compaction.readBytes");
  private final Counter compactionWritten = metrics.counter("compaction.writtenBytes");
  private final Counter movedTables = metrics.counter("compaction.movedTables");
  private final Counter droppedTables = metrics.counter("compaction.droppedTables");
  private final Counter failures = metrics.counter("background.failures");

  private volatile boolean started;
  private final InFlight calls = new InFlight();
  private volatile boolean closed;
  private volatile long recoveredTimestamp;
  private volatile long idleTimestamp;
  private volatile long idleSinceNanos = System.nanoTime();

  Engine(FileSystem files, Path directory, LsmOptions options) throws IOException {
    RecoveryEvent event = new RecoveryEvent();
    event.begin();
    this.options = options;
    this.budget = options.budget();
    this.preparers = preparers();
    try (Opening opening = new Opening()) {
      opening.add(preparers::shutdown);
      StoreDirectory home = new StoreDirectory(files, directory);
      directoryLock = opening.add(home.lock(options.createIfMissing()));
      opening.<AutoCloseable>add(this::awaitPreparers);
      ManifestState state = home.load();
      home.tidy(state);
      cache = opening.add(new BlockCache(budget, options.cacheBytes()));
      maker =
          new TableMaker(
              files,
              directory,
              tableOptions(options),
              cache,
              new RateLimiter(options.compactionBytesPerSecond()));
      versions = new VersionSet(files, directory, state, openTables(state, opening));
      pins = new Pins(state.collapsedBefore());
      arenas =
          opening.add(new ArenaPool(files, directory, options.memTableBytes(), budget, preparers));
      ArenaPool.Adopted adopted = arenas.adopt(state.flushedThrough());
      for (String flaw : adopted.flaws()) {
        logger().warn("A memtable could not be adopted and is rebuilt from the log. [{}]", flaw);
      }
      wal =
          opening.add(
              Wal.open(
                  files,
                  directory,
                  options.logSegmentBytes(),
                  options.asyncIntervalMillis() * 1_000_000L,
                  budget,
                  preparers,
                  state.logStart()));
      long logStart = adopted.logEnd() > 0 ? adopted.logEnd() : state.logStart();
      MemTable[] memTables = memTables(adopted, logStart, state.flushedThrough());
      views = new Views(versions, memTables, arenas::recycle, this::reclaimSoon);
      flusher =
          new Flusher(
              versions,
              views,
              pins,
              this::visibleTimestamp,
              maker,
              log(),
              this::pace,
              this::flushed);
      compactor =
          new Compactor(
              versions,
              views,
              pins,
              new CompactionPicker(aims(options)),
              maker,
              options.fileBytes(),
              surroundings(),
              this::pace,
              this::compacted);
      throttle = new Throttle(gauges());
      recoveredTimestamp = adopted.completeTimestamp();
      Recovery recovery = replay(adopted, logStart, memTables[0]);
      MemTable active = recovery.finish();
      recoveredTimestamp = Math.max(recovery.lastTimestamp(), state.lastTimestamp());
      wal.start();
      commits =
          new CommitPipeline(
              wal, timestamps(options), memTableSource(), active, recoveredTimestamp);
      flushing = new Worker("varve-flush", this::flushOnce, workers(), TICK_MILLIS);
      reclaiming = new Worker("varve-reclaim", this::reclaimOnce, workers(), TICK_MILLIS);
      for (int i = 1; i <= options.compactionThreads(); i++) {
        compacting.add(new Worker("varve-compact-" + i, this::compactOnce, workers(), TICK_MILLIS));
      }
      started = true;
      opening.done();
      event.tables = state.files().size();
      event.adoptedMemTables = adopted.memTables().size();
      event.replayedCommits = recovery.commits();
    }
    publishMetrics();
    flushing.start();
    reclaiming.start();
    compacting.forEach(Worker::start);
    wakeAll();
    event.commit();
  }

  // ---- What the facade uses.

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }

  CommitPipeline commits() {
    return commits;
  }

  @Override
  public Views views() {
    return views;
  }

  @Override
  public Pins pins() {
    return pins;
  }

  VersionSet versions() {
    return versions;
  }

  @Override
  public TableMaker maker() {
    return maker;
  }

  LsmOptions options() {
    return options;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public long visibleTimestamp() {
    return started ? commits.visibleTimestamp() : recoveredTimestamp;
  }

  @Override
  public long lastTimestamp() {
    return commits.lastTimestamp();
  }

  @Override
  public Engine writer() {
    return this;
  }

  @Override
  public void refresh() {
    checkOpen();
  }

  /** Writes everything committed so far to tables. */
  void flush() {
    long through = commits.rotate();
    int failuresBefore = flushing.failures();
    flushing.retry();
    waiting.lock();
    try {
      while (isUnflushed(through)) {
        checkOpen();
        throwIfFailed(failuresBefore, "The memtables could not be written to tables.");
        awaitFlushed();
      }
    } finally {
      waiting.unlock();
    }
  }

  /** Merges everything committed so far down to its last level. */
  void compact(dev.varve.Progress progress) throws IOException {
    flush();
    long through = visibleTimestamp();
    long[] done = new long[1];
    compactor.runAll(
        through,
        bytes -> {
          pace(bytes);
          done[0] += bytes;
          progress.at(done[0], Math.max(done[0], versions.peek().bytes()));
        });
    reclaiming.wake();
  }

  /** Makes tables part of the store as the newest run of level 0. */
  void install(VersionEdit edit) throws IOException {
    versions.apply(edit, version -> views.install(version, List.of()));
    wakeAll();
  }

  void reclaimSoon() {
    if (started) {
      reclaiming.wake();
    }
  }

  @Override
  public InFlight calls() {
    return calls;
  }

  @Override
  public void close() {
    closed = true;
    Closing closing = new Closing();
    closing.run(commits::close);
    flushing.stop();
    compacting.forEach(Worker::stop);
    closing.run(flushing::close);
    compacting.forEach(each -> closing.run(each::close));
    closing.run(reclaiming::close);
    signalFlushed();
    if (!calls.awaitNone(CLOSE_PATIENCE_NANOS)
        || !views.epochs().awaitGrace(CLOSE_PATIENCE_NANOS)) {
      logger().warn("The store is closed while reads are still going on.");
    }
    closing.run(wal::close);
    closing.run(arenas::close);
    closing.run(versions::close);
    closing.run(cache::close);
    closing.run(this::awaitPreparers);
    closing.run(directoryLock);
    closing.finish();
  }

  /** Whoever opens the directory next must not meet threads that still work in it. */
  private void awaitPreparers() {
    preparers.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      while (!preparers.isTerminated()) {
        try {
          if (!preparers.awaitTermination(CLOSE_PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
            logger().warn("The store is closed while files are still being prepared.");
            return;
          }
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Not kept: asking for a logger prints a warning where the application brings no backend. */
  private static Logger logger() {
    return LoggerFactory.getLogger(Engine.class);
  }

  // ---- Opening.

  private static ThreadPoolExecutor preparers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            FILE_THREADS,
            FILE_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "varve-files");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  static TableOptions tableOptions(LsmOptions options) {
    return TableOptions.defaults()
        .blockBytes(options.blockBytes())
        .compression(options.compression())
        .filterBits(options.filterBits())
        .prefixes(options.prefixes());
  }

  private static CompactionPicker.Aims aims(LsmOptions options) {
    return new CompactionPicker.Aims(
        options.level0Runs(),
        options.baseLevelBytes(),
        options.levelMultiplier(),
        options.fileBytes(),
        options.garbageAgeMillis());
  }

  private static TimestampSource timestamps(LsmOptions options) {
    TimestampSource given = options.timestamps();
    return given != null ? given : atLeast -> atLeast + 1;
  }

  private List<VersionEdit.Placed> openTables(ManifestState state, Opening opening)
      throws IOException {
    List<VersionEdit.Placed> tables = new ArrayList<>();
    for (ManifestState.PlacedMeta each : state.files()) {
      TableFile table = openTable(each);
      opening.add(table::close);
      tables.add(new VersionEdit.Placed(each.level(), each.run(), table));
    }
    return tables;
  }

  private TableFile openTable(ManifestState.PlacedMeta placed) throws IOException {
    try {
      return maker.open(placed.meta());
    } catch (java.nio.file.NoSuchFileException e) {
      throw StorageErrors.corrupt(
              "A table that the manifest names is missing.",
              maker.directory().resolve(FileNames.table(placed.meta().number())),
              0)
          .hint("Restore a backup, or salvage what the other tables and the log hold.")
          .cause(e)
          .build();
    }
  }

  /** Newest first; a new one in front if nothing was adopted. */
  private MemTable[] memTables(ArenaPool.Adopted adopted, long logStart, long flushedThrough) {
    List<MemTable> oldestFirst = adopted.memTables();
    if (oldestFirst.isEmpty()) {
      return new MemTable[] {take(0, logStart, flushedThrough)};
    }
    MemTable[] newestFirst = new MemTable[oldestFirst.size()];
    for (int i = 0; i < newestFirst.length; i++) {
      newestFirst[i] = oldestFirst.get(newestFirst.length - 1 - i);
    }
    return newestFirst;
  }

  private MemTable take(long bytes, long logStart, long baseTimestamp) {
    while (true) {
      MemTable taken = arenas.tryTake(bytes, logStart, baseTimestamp);
      if (taken != null) {
        return taken;
      }
      arenas.await(bytes);
    }
  }

  private Recovery replay(ArenaPool.Adopted adopted, long logStart, MemTable active) {
    Recovery recovery =
        new Recovery(
            active,
            adopted.completeTimestamp(),
            logStart,
            versions.peek(),
            this::succeed,
            options.progress(),
            (long) wal.liveSegments() * options.logSegmentBytes());
    wal.replay(logStart, adopted.completeTimestamp(), 0, recovery);
    return recovery;
  }

  /** During recovery: flushes on this thread, as the flushing thread would later. */
  private MemTable succeed(MemTable full, long bytes, long logStart) {
    try {
      if (views.current().memTables().length > MAX_WAITING_MEMTABLES) {
        flusher.run();
        views.reclaim();
      }
    } catch (IOException e) {
      throw StorageErrors.of(
          e, "A memtable could not be written during recovery.", maker.directory());
    }
    MemTable next = take(bytes, logStart, full.lastTimestamp());
    views.rotate(next);
    recoveredTimestamp = full.lastTimestamp();
    return next;
  }

  // ---- The parts' views of each other.

  private Flusher.Commits log() {
    return new Flusher.Commits() {
      @Override
      public void awaitVisible(long timestamp) {
        if (started) {
          commits.awaitVisible(timestamp);
        } else {
          recoveredTimestamp = timestamp;
        }
      }

      @Override
      public void flushed(long logStart) {
        if (started) {
          wal.release(logStart);
        }
      }
    };
  }

  private MemTableSource memTableSource() {
    return new MemTableSource() {
      @Override
      public void admit(int bytes) {
        throttle.admit(bytes);
      }

      @Override
      public @Nullable MemTable rotate(
          MemTable full, long arenaBytes, long logStart, long lastTimestamp) {
        if (views.current().memTables().length > MAX_WAITING_MEMTABLES) {
          return null;
        }
        MemTable next = arenas.tryTake(arenaBytes, logStart, lastTimestamp);
        if (next != null) {
          views.rotate(next);
          throttle.update();
          flushing.wake();
        }
        return next;
      }

      @Override
      public void awaitSuccessor(long arenaBytes) {
        awaitFewerMemTables();
        arenas.await(arenaBytes);
      }
    };
  }

  private Compactor.Surroundings surroundings() {
    return new Compactor.Surroundings() {
      @Override
      public long visibleTimestamp() {
        return Engine.this.visibleTimestamp();
      }

      @Override
      public boolean isIdle() {
        return System.nanoTime() - idleSinceNanos > 2_000_000L * TICK_MILLIS;
      }
    };
  }

  private Throttle.Gauges gauges() {
    return new Throttle.Gauges() {
      @Override
      public long unflushedBytes() {
        ReadView view = views.current();
        return flusher.bytesLeft() + view.memTables()[0].approximateBytes();
      }

      @Override
      public long memTableBytes() {
        return views.current().memTables()[0].capacityBytes();
      }

      @Override
      public int level0Runs() {
        return views.current().version().level0Runs();
      }

      @Override
      public int level0Trigger() {
        return options.level0Runs();
      }

      @Override
      public long debtBytes() {
        return compactor.debtBytes();
      }
    };
  }

  // ---- Background work.

  private boolean flushOnce() throws IOException {
    boolean more = flusher.run();
    if (more) {
      throttle.update();
      wakeAll();
    }
    signalFlushed();
    return more;
  }

  private boolean compactOnce() throws IOException {
    watchIdleness();
    boolean more = compactor.run();
    if (more) {
      throttle.update();
      reclaiming.wake();
    }
    return more;
  }

  private boolean reclaimOnce() throws IOException {
    views.reclaim();
    versions.removeUnreferenced();
    signalFlushed();
    return false;
  }

  private void watchIdleness() {
    long now = visibleTimestamp();
    if (now != idleTimestamp) {
      idleTimestamp = now;
      idleSinceNanos = System.nanoTime();
    }
  }

  private void wakeAll() {
    flushing.wake();
    compacting.forEach(Worker::wake);
    reclaiming.wake();
  }

  /** Ends long work when the store is closed. */
  private void pace(long bytes) {
    if (closed) {
      throw new StoppedException();
    }
  }

  private void flushed(long inputBytes, long outputBytes, long nanos) {
    flushCount.increment();
    flushedBytes.add(outputBytes);
    throttle.flushed(inputBytes, nanos);
  }

  private void compacted(CompactionPlan plan, long outputBytes, long nanos) {
    compactionCount.increment();
    switch (plan.kind()) {
      case MOVE -> movedTables.add(plan.inputs().size());
      case DROP -> droppedTables.add(plan.inputs().size());
      default -> {
        compactionRead.add(plan.inputBytes());
        compactionWritten.add(outputBytes);
        throttle.merged(plan.inputBytes() - lowerBytes(plan), nanos);
      }
    }
  }

  private static long lowerBytes(CompactionPlan plan) {
    long sum = 0;
    for (TableFile each : plan.lower()) {
      sum += each.meta().fileBytes();
    }
    return sum;
  }

  private Worker.Listener workers() {
    return new Worker.Listener() {
      @Override
      public void failed(String worker, Throwable failure, int times) {
        failures.increment();
        logger()
            .warn(
                "Background work failed and is tried again. [worker={} times={}]",
                worker,
                times,
                failure);
        signalFlushed();
      }

      @Override
      public void recovered(String worker) {
        logger().info("Background work goes on. [worker={}]", worker);
      }
    };
  }

  private void signalFlushed() {
    waiting.lock();
    try {
      flushed.signalAll();
    } finally {
      waiting.unlock();
    }
  }

  private void awaitFewerMemTables() {
    int failuresBefore = flushing.failures();
    flushing.retry();
    waiting.lock();
    try {
      while (views.current().memTables().length > MAX_WAITING_MEMTABLES) {
        checkOpen();
        throwIfFailed(failuresBefore, "Memtables are full and cannot be written to tables.");
        awaitFlushed();
      }
    } finally {
      waiting.unlock();
    }
  }

  private void awaitFlushed() {
    boolean interrupted = Thread.interrupted();
    try {
      flushed.awaitNanos(TICK_MILLIS * 1_000_000L);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isUnflushed(long through) {
    MemTable[] memTables = views.current().memTables();
    MemTable oldest = memTables[memTables.length - 1];
    return memTables.length > 1 && oldest.baseTimestamp() < through;
  }

  @Override
  public void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The store is closed.").build();
    }
  }

  /** Only a failure since the caller asked counts: what made earlier ones may be over. */
  private void throwIfFailed(int failuresBefore, String sentence) {
    Throwable failure = flushing.failures() == failuresBefore ? null : flushing.failure();
    if (failure instanceof IOException io) {
      throw StorageErrors.of(io, sentence, maker.directory());
    }
    if (failure instanceof VarveException known) {
      throw known.code().error(sentence).cause(known).build();
    }
    if (failure != null) {
      throw ErrorCode.INTERNAL.error(sentence).cause(failure).build();
    }
  }

  private void publishMetrics() {
    metrics.gauge("store.tables", () -> versions.peek().fileCount());
    metrics.gauge("store.tableBytes", () -> versions.peek().bytes());
    for (int level = 0; level < Version.LEVELS; level++) {
      int each = level;
      metrics.gauge("store.level" + level + "Bytes", () -> versions.peek().levelBytes(each));
    }
    metrics.gauge("store.level0Runs", () -> versions.peek().level0Runs());
    metrics.gauge("store.debtBytes", compactor::debtBytes);
    metrics.gauge("store.pressurePerMille", throttle::pressurePerMille);
    metrics.gauge("memtable.count", () -> views.current().memTables().length);
    metrics.gauge("memtable.unflushedBytes", gauges()::unflushedBytes);
    metrics.gauge("memory.usedBytes", budget::usedBytes);
    metrics.gauge("memory.limitBytes", budget::limitBytes);
    for (var purpose : dev.varve.core.memory.MemoryPurpose.values()) {
      String name = purpose.name().toLowerCase(java.util.Locale.ROOT);
      metrics.gauge("memory." + name + "Bytes", () -> budget.usedBytes(purpose));
    }
    metrics.gauge("read.pins", pins::count);
    metrics.gauge("read.oldViews", views::retiredCount);
    metrics.gauge("stall.count", throttle::stalls);
    metrics.gauge("stall.nanos", throttle::stalledNanos);
    metrics.gauge("wal.forces", wal::forces);
    metrics.gauge("wal.forceNanos", wal::forceNanos);
    metrics.gauge("wal.liveSegments", wal::liveSegments);
    metrics.gauge("wal.lossWindowNanos", wal::lossWindowNanos);
  }
}
