// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.file.DiskFullException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Owns the arena files: prepares them ahead of time, hands them out as memtables, takes them back and
 * uses them again. Thread-safe; closing it closes all arenas.
 *
 * <p>Files are named by place, {@code memtable-0001.arena} and so on, not by memtable; so that using
 * one again touches no directory. Preparing a file (allocating and zeroing it) happens on the
 * executor's thread only. The first arenas are small and each is twice as large as the one before, up
 * to the size given, so that a small store takes little room; what a dead process left says where to
 * go on. One arena is kept ready; further free ones are deleted. A commit that no
 * normal arena can hold gets one of its own size, deleted afterwards.
 *
 * <p>An arena counts against the budget as a normal one whatever its size: it is a file, whose pages
 * the system can write back and evict.
 */
public final class ArenaPool implements AutoCloseable {
  private static final String PREFIX = "memtable-";
  private static final String SUFFIX = ".arena";
  private static final int MAX_FREE = 1;
  private static final int FIRST_BYTES = 512 << 10;
  private static final int ROUND_BYTES = 1 << 16;
  private static final int ZEROS_BYTES = 1 << 18;

  private final FileSystem files;
  private final Path directory;
  private final int arenaBytes;
  private final MemoryBudget budget;
  private final Executor preparer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final List<MappedFile> free = new ArrayList<>();
  private final Map<MappedFile, Path> paths = new IdentityHashMap<>();
  private int inUse;
  private int normalBytes;
  private int nextPlace = 1;
  private long nextNumber = 1;
  private boolean preparing;
  private boolean closed;
  private @Nullable VarveException failure;

  /**
   * A pool of arenas of up to {@code arenaBytes} in {@code directory}.
   *
   * @param preparer runs tasks on threads of the engine, soon
   */
  public ArenaPool(
      FileSystem files, Path directory, int arenaBytes, MemoryBudget budget, Executor preparer) {
    this.files = files;
    this.directory = directory;
    this.arenaBytes = arenaBytes;
    this.normalBytes = Math.min(arenaBytes, FIRST_BYTES);
    this.budget = budget;
    this.preparer = preparer;
  }

  /**
   * What a dead process left.
   *
   * @param memTables oldest first; the last one may be written further
   * @param completeTimestamp everything up to it is in tables or in these
   * @param logEnd where in the log the rest begins; 0 if nothing was adopted
   * @param flaws what was wrong with arenas of this boot that were thrown away
   */
  public record Adopted(
      List<MemTable> memTables, long completeTimestamp, long logEnd, List<String> flaws) {}

  /**
   * Takes over the arenas of this boot that follow without a gap on {@code flushedTimestamp}, and
   * keeps the others for later use. To be called before all else, on an engine thread.
   */
  public Adopted adopt(long flushedTimestamp) throws IOException {
    List<MappedFile> arenas = mapAll();
    arenas.sort(Comparator.comparingLong(arena -> number(arena)));
    List<MemTable> adopted = new ArrayList<>();
    List<String> flaws = new ArrayList<>();
    long complete = flushedTimestamp;
    long logEnd = 0;
    boolean broken = false;
    for (MappedFile arena : arenas) {
      boolean candidate =
          !broken
              && MemTableFormat.isInUse(arena.buffer())
              && MemTableFormat.isOfBoot(arena.buffer(), files.bootId());
      Adoption adoption = candidate ? Adoption.of(arena.buffer()) : null;
      if (adoption == null || !adoption.isWhole()) {
        if (adoption != null) {
          flaws.add(paths.get(arena).getFileName() + ": " + adoption.flaw());
          broken = true;
        }
        release(arena);
        continue;
      }
      long base = MemTableFormat.word(arena.buffer(), MemTableFormat.BASE_TIMESTAMP_AT);
      if (adoption.completeTimestamp() <= complete && adoption.turn() != 0
          || adoption.turn() == 0) {
        release(arena);
      } else if (base > complete) {
        broken = true;
        release(arena);
      } else {
        adopted.add(new MemTable(arena, adoption));
        inUse++;
        complete = adoption.completeTimestamp();
        logEnd = adoption.logEnd();
      }
    }
    return new Adopted(adopted, complete, logEnd, flaws);
  }

  private List<MappedFile> mapAll() throws IOException {
    List<MappedFile> arenas = new ArrayList<>();
    lock.lock();
    try {
      for (String name : files.list(directory)) {
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
          continue;
        }
        Path path = directory.resolve(name);
        long bytes = files.sizeBytes(path);
        if (bytes != arenaBytes && bytes <= MemTableFormat.OVERHEAD_BYTES
            || bytes > Integer.MAX_VALUE) {
          files.delete(path);
          continue;
        }
        MappedFile arena = files.mapWritable(path, (int) bytes);
        paths.put(arena, path);
        budget.reserve(MemoryPurpose.MEMTABLE, cost(bytes));
        normalBytes = (int) Math.max(normalBytes, cost(bytes));
        arenas.add(arena);
        nextPlace = Math.max(nextPlace, place(name) + 1);
        nextNumber = Math.max(nextNumber, number(arena) + 1);
      }
    } finally {
      lock.unlock();
    }
    return arenas;
  }

  private static int place(String name) {
    try {
      return Integer.parseInt(name, PREFIX.length(), name.length() - SUFFIX.length(), 10);
    } catch (NumberFormatException foreign) {
      return 0;
    }
  }

  private static long number(MappedFile arena) {
    return MemTableFormat.isInUse(arena.buffer())
        ? MemTableFormat.word(arena.buffer(), MemTableFormat.NUMBER_AT)
        : 0;
  }

  /**
   * An empty memtable with at least {@code bytes} of arena, if one is ready. No I/O, no waiting.
   *
   * @param logStart the log position of its first commit
   * @param baseTimestamp the last timestamp before its first
   */
  public @Nullable MemTable tryTake(long bytes, long logStart, long baseTimestamp) {
    lock.lock();
    try {
      MappedFile found = null;
      for (MappedFile arena : free) {
        if (arena.sizeBytes() >= bytes
            && (found == null || arena.sizeBytes() < found.sizeBytes())) {
          found = arena;
        }
      }
      if (closed || found == null) {
        return null;
      }
      free.remove(found);
      inUse++;
      normalBytes = (int) Math.min(arenaBytes, 2L * normalBytes);
      if (free.isEmpty()) {
        prepare(normalBytes);
      }
      return new MemTable(found, nextNumber++, logStart, baseTimestamp, files.bootId());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when {@link #tryTake} is likely to succeed.
   *
   * @throws VarveException {@code DISK_FULL}, {@code IO} or {@code OUT_OF_MEMORY} when none can be had
   */
  public void await(long bytes) {
    if (bytes > MemTableFormat.MAX_ARENA_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A commit is larger than a memtable can be.")
          .fact("bytes", bytes)
          .build();
    }
    lock.lock();
    try {
      failure = null;
      while (!closed) {
        for (MappedFile arena : free) {
          if (arena.sizeBytes() >= bytes) {
            return;
          }
        }
        if (failure != null) {
          VarveException thrown = failure;
          failure = null;
          throw thrown;
        }
        boolean began = prepare((int) Math.max(bytes, normalBytes));
        if (failure == null && (!began || preparing)) {
          changed.awaitUninterruptibly();
        }
      }
      throw ErrorCode.CLOSED.error("The database is closed.").build();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a memtable that nobody reads any more and whose content is in tables. */
  public void recycle(MemTable memTable) {
    memTable.markFree();
    lock.lock();
    try {
      inUse--;
      release((MappedFile) memTable.region());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps or removes an arena that is not in use. */
  private void release(MappedFile arena) {
    lock.lock();
    try {
      if (!closed
          && arena.sizeBytes() >= normalBytes
          && arena.sizeBytes() <= arenaBytes
          && free.size() < MAX_FREE) {
        MemTableFormat.free(arena.buffer());
        free.add(arena);
        return;
      }
      Path path = paths.remove(arena);
      budget.release(MemoryPurpose.MEMTABLE, cost(arena.sizeBytes()));
      arena.close();
      if (!closed && path != null) {
        preparer.execute(() -> delete(path));
      }
    } finally {
      lock.unlock();
    }
  }

  private void delete(Path path) {
    try {
      files.delete(path);
    } catch (IOException kept) {
      // It is found and used again at the next opening; until then it only takes room.
      org.slf4j.LoggerFactory.getLogger(ArenaPool.class)
          .warn("An arena file could not be deleted. [file={}]", path, kept);
    }
  }

  /** What an arena counts. */
  private long cost(long bytes) {
    return Math.min(bytes, arenaBytes);
  }

  /** Begins to prepare an arena; whether it did. */
  private boolean prepare(int bytes) {
    if (preparing || closed) {
      return false;
    }
    int rounded =
        bytes == arenaBytes || bytes == normalBytes
            ? bytes
            : (int)
                Math.min(
                    MemTableFormat.MAX_ARENA_BYTES,
                    ((long) bytes + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES);
    if (!budget.tryReserve(MemoryPurpose.MEMTABLE, cost(rounded))) {
      if (inUse <= 1) {
        failure =
            ErrorCode.OUT_OF_MEMORY
                .error("The memory limit leaves no room for another memtable.")
                .fact("arenaBytes", arenaBytes)
                .fact("usedBytes", budget.usedBytes())
                .fact("limitBytes", budget.limitBytes())
                .hint("Raise Options.memoryLimit.")
                .build();
        changed.signalAll();
      }
      return false;
    }
    preparing = true;
    Path path =
        directory.resolve(String.format(Locale.ROOT, "%s%04d%s", PREFIX, nextPlace++, SUFFIX));
    preparer.execute(() -> prepare(path, rounded));
    return true;
  }

  private void prepare(Path path, int bytes) {
    MappedFile arena = null;
    VarveException failed = null;
    try {
      allocate(path, bytes);
      arena = files.mapWritable(path, bytes);
    } catch (DiskFullException full) {
      failed =
          ErrorCode.DISK_FULL
              .error("There is no room on the device for another memtable.")
              .fact("file", path)
              .fact("bytes", bytes)
              .cause(full)
              .build();
      delete(path);
    } catch (IOException refused) {
      failed =
          ErrorCode.IO
              .error("The file of a memtable could not be created.")
              .fact("file", path)
              .cause(refused)
              .build();
    } catch (RuntimeException | Error defect) {
      failed =
          ErrorCode.INTERNAL
              .error("Preparing a memtable failed.")
              .fact("file", path)
              .cause(defect)
              .build();
    }
    lock.lock();
    try {
      preparing = false;
      if (arena == null) {
        budget.release(MemoryPurpose.MEMTABLE, cost(bytes));
        failure = failed;
      } else if (closed) {
        budget.release(MemoryPurpose.MEMTABLE, cost(bytes));
        arena.close();
      } else {
        paths.put(arena, path);
        free.add(arena);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes zeros in large pieces. The system keeps them in one piece, which a segment of the log must
   * not be, for each force would write it all; an arena's pages are written to everywhere anyway.
   */
  private void allocate(Path path, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(bytes, ZEROS_BYTES));
    try (WritableFile file = files.create(path)) {
      for (int left = bytes; left > 0; left -= zeros.limit()) {
        file.append(zeros.position(0).limit(Math.min(left, zeros.capacity())));
      }
    }
  }

  /**
   * Ends it; arenas in use keep their content for the next opening, and are closed, others are
   * removed. On an engine thread.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      paths.forEach(
          (arena, path) -> {
            budget.release(MemoryPurpose.MEMTABLE, cost(arena.sizeBytes()));
            arena.close();
            if (free.contains(arena)) {
              delete(path);
            }
          });
      paths.clear();
      free.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
