// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.file.DiskFullException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log. {@link #open}, {@link #replay}, {@link #start}, then writing.
 *
 * <p>Writing has two steps: {@link #tryReserve} takes room, one thread at a time, in the order of
 * timestamps; a {@link WalRecordWriter} fills it, concurrently with others. {@link #written} says in
 * order what is filled. No step makes a system call: the next segment is prepared ahead of time on
 * the executor's thread, and forcing has a thread of its own. The first segments are small, each twice
 * as large as the one before, up to the size given.
 */
public final class Wal implements AutoCloseable {
  private static final int MAX_FREE = 4;

  /** The first segments are small, so that opening does not wait for zeros. */
  private static final int FIRST_BYTES = 512 << 10;

  private static final VarHandle READY;

  static {
    try {
      READY = MethodHandles.lookup().findVarHandle(Wal.class, "ready", WalSegment.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final FileSystem files;
  private final Path directory;
  private final int segmentBytes;
  private final MemoryBudget budget;
  private final Executor preparer;
  private final long asyncIntervalNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<WalSegment> live = new ArrayDeque<>();
  private final List<WalSegment> free = new ArrayList<>();
  private int normalBytes;
  private long highestNumber;
  private int highestPlace;
  private boolean preparing;
  private boolean closed;
  private @Nullable VarveException preparingFailed;
  private long forcesSeen;

  /** The segment to go on in; set under the lock, taken by {@link #tryReserve}. */
  private volatile @Nullable WalSegment ready;

  // Of the one thread that reserves.
  private WalSegment current;
  private int top;

  /** Whether nothing but a NEXT may be written to the segment: behind it are remains. */
  private boolean ended;

  private WalSync sync;
  private final WalRecordWriter sealing = new WalRecordWriter();
  private WalReader.@Nullable End end;

  private Wal(
      FileSystem files,
      Path directory,
      int segmentBytes,
      long asyncIntervalNanos,
      MemoryBudget budget,
      Executor preparer) {
    this.files = files;
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.normalBytes = Math.min(segmentBytes, FIRST_BYTES);
    this.asyncIntervalNanos = asyncIntervalNanos;
    this.budget = budget;
    this.preparer = preparer;
  }

  /**
   * Maps what is there. On an engine thread.
   *
   * @param from the position from which the log is needed: segments before it are free
   * @param preparer runs tasks on threads of the engine, soon
   */
  public static Wal open(
      FileSystem files,
      Path directory,
      int segmentBytes,
      long asyncIntervalNanos,
      MemoryBudget budget,
      Executor preparer,
      long from)
      throws IOException {
    Wal wal = new Wal(files, directory, segmentBytes, asyncIntervalNanos, budget, preparer);
    budget.reserve(MemoryPurpose.WAL, 2L * segmentBytes);
    boolean done = false;
    try {
      wal.mapAll(WalFormat.segment(from));
      done = true;
    } finally {
      if (!done) {
        wal.close();
      }
    }
    return wal;
  }

  private void mapAll(long firstNeeded) throws IOException {
    List<WalSegment> needed = new ArrayList<>();
    List<WalSegment> headless = new ArrayList<>();
    for (String name : files.list(directory)) {
      int place = WalFormat.place(name);
      if (place == 0) {
        continue;
      }
      highestPlace = Math.max(highestPlace, place);
      Path path = directory.resolve(name);
      long bytes = files.sizeBytes(path);
      if (bytes < WalFormat.RECORDS_AT + WalFormat.RECORD_HEADER_BYTES
          || bytes > Integer.MAX_VALUE) {
        files.delete(path);
        continue;
      }
      MappedFile file = files.mapWritable(path, (int) bytes);
      normalBytes = (int) Math.max(normalBytes, Math.min(segmentBytes, bytes));
      WalSegment segment = new WalSegment(path, file, WalFormat.readHeader(file.buffer()));
      highestNumber = Math.max(highestNumber, segment.number);
      free.add(segment);
      if (segment.number == 0) {
        headless.add(segment);
      } else if (segment.number >= firstNeeded) {
        needed.add(segment);
      }
    }
    free.removeAll(needed);
    needed.sort((left, right) -> Long.compare(left.number, right.number));
    live.addAll(needed);
    long last = Math.max(highestNumber, firstNeeded) + headless.size();
    for (WalSegment segment : headless) {
      requireUnused(segment, firstNeeded, last);
    }
  }

  /**
   * A file whose header is damaged must not hold records that are needed. Numbers are given out one by
   * one: a greater one than {@code last} is junk, which a device may show of a file never forced.
   */
  private static void requireUnused(WalSegment headless, long firstNeeded, long last) {
    int epoch = Bytes.intLE(headless.buffer, WalFormat.RECORDS_AT + WalFormat.EPOCH_AT);
    long number = Integer.toUnsignedLong(epoch);
    if (number >= Math.max(1, firstNeeded & 0xffff_ffffL)
        && number <= (last & 0xffff_ffffL)
        && WalReader.confirmsItself(headless, number)) {
      throw ErrorCode.CORRUPTION
          .error("The header of a segment of the log is damaged.")
          .fact("file", headless.path)
          .fact("offset", 0)
          .fact("segment", number)
          .hint("Restore a backup, or run salvage.")
          .build();
    }
  }

  /** See {@link WalReader#replay}. Between {@link #open} and {@link #start}. */
  public WalReader.End replay(long from, long after, long wholeUntil, WalReader.Visitor visitor) {
    end = new WalReader(live).replay(from, after, wholeUntil, visitor, null);
    return end;
  }

  /**
   * Ends what was replayed and goes on in a new segment. On an engine thread. If there is no room for
   * one, the log is open all the same, and goes on as soon as a segment can be prepared.
   */
  public void start() throws IOException {
    lock.lock();
    try {
      WalSegment last = end == null ? null : freeAllAfter(end);
      int from = last == null && end != null ? WalFormat.offset(end.position()) : 0;
      try {
        current = prepared(from + normalBytes, true);
        top = Math.max(from, WalFormat.RECORDS_AT);
        live.add(current);
        if (last != null) {
          sealing.next(last, WalFormat.offset(end.position()), current.number);
        }
      } catch (DiskFullException full) {
        if (last == null) {
          throw full;
        }
        current = last;
        top = WalFormat.offset(end.position());
        ended = true;
      }
      for (WalSegment segment : live) {
        segment.file.sync();
      }
      trimFree(MAX_FREE);
    } finally {
      lock.unlock();
    }
    sync = new WalSync(current, position(), asyncIntervalNanos);
    sync.start();
    prepareNext(0);
  }

  /**
   * Frees what lies past the end, and returns the segment in which the log ends. That may be missing,
   * where nothing in it had been forced: then the next segment takes its number, and the log goes on
   * in it at the same offset, so that whoever keeps that position finds it there.
   */
  private @Nullable WalSegment freeAllAfter(WalReader.End old) throws IOException {
    long number = WalFormat.segment(old.position());
    List<WalSegment> past = new ArrayList<>();
    while (!live.isEmpty() && live.getLast().number > number) {
      past.add(live.removeLast());
    }
    WalSegment last = live.peekLast();
    if (last != null && last.number == number) {
      highestNumber = Math.max(highestNumber, old.nextNumber());
      free.addAll(past);
      return last;
    }
    for (WalSegment segment : past) {
      segment.file.close();
      files.delete(segment.path);
    }
    files.syncDirectory(directory);
    highestNumber = Math.max(number, 1) - 1;
    return null;
  }

  // ---- Writing. The first three methods: one thread at a time.

  /**
   * Takes room for a record of {@code payloadBytes}; the log may go on in another segment then.
   *
   * @return whether there is room; if not, {@link #awaitSegment} outside of all locks and try again
   */
  public boolean tryReserve(int payloadBytes) {
    long bytes = WalFormat.recordBytes(payloadBytes);
    if (!ended && current.hasRoom(top, bytes)) {
      top += (int) bytes;
      return true;
    }
    WalSegment next = ready;
    if (next == null
        || !next.hasRoom(WalFormat.RECORDS_AT, bytes)
        || !READY.compareAndSet(this, next, null)) {
      return false;
    }
    sealing.next(current, top, next.number);
    current.successor = next;
    current = next;
    ended = false;
    top = WalFormat.RECORDS_AT + (int) bytes;
    preparer.execute(() -> prepareNext(0));
    return true;
  }

  /** The segment in which room was taken last. */
  public WalSegment segment() {
    return current;
  }

  /** The position behind the room taken last. */
  public long position() {
    return WalFormat.position(current.number, top);
  }

  /** Where a record of {@code payloadBytes} begins whose room was taken last. */
  public int recordAt(int payloadBytes) {
    return top - (int) WalFormat.recordBytes(payloadBytes);
  }

  /** What a record in {@code segment} may say about what is forced. */
  public int confirmed(WalSegment segment) {
    long synced = sync.syncedPosition();
    return WalFormat.segment(synced) == segment.number ? WalFormat.offset(synced) : 0;
  }

  /** Writes that room is not used. */
  public void skip(
      WalRecordWriter writer, WalSegment segment, int at, long timestamp, int payloadBytes) {
    writer.skip(segment, at, confirmed(segment), timestamp, payloadBytes);
  }

  /** Says that everything before {@code position} is filled. In order, one thread at a time. */
  public void written(long position) {
    sync.written(position);
  }

  // ---- Forcing.

  /** Returns once everything before {@code position} is on the device. */
  public void awaitSynced(long position) {
    sync.await(position);
  }

  /** Has everything written so far forced within the interval. */
  public void syncSoon() {
    sync.syncSoon();
  }

  /** The position up to which everything is filled. */
  public long writtenPosition() {
    return sync.writtenPosition();
  }

  /** The position up to which everything is on the device. */
  public long syncedPosition() {
    return sync.syncedPosition();
  }

  /** How long the oldest commit that asked to be forced in the background has waited. */
  public long lossWindowNanos() {
    return sync.lossWindowNanos();
  }

  /** Forces so far. */
  public long forces() {
    return sync.forces();
  }

  /** Time spent on them. */
  public long forceNanos() {
    return sync.forceNanos();
  }

  /** Why the log takes no more; null while it does. */
  public @Nullable VarveException failure() {
    return sync.failure();
  }

  // ---- Segments.

  /** Returns when a segment with room for {@code payloadBytes} is ready; not under a lock. */
  public void awaitSegment(int payloadBytes) {
    if (payloadBytes > WalFormat.MAX_PAYLOAD_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A commit is larger than the log can take.")
          .fact("bytes", payloadBytes)
          .fact("maxBytes", WalFormat.MAX_PAYLOAD_BYTES)
          .hint("Use a transaction, which writes large commits as tables.")
          .build();
    }
    lock.lock();
    try {
      preparingFailed = null;
      while (!closed) {
        WalSegment next = ready;
        if (next != null
            && next.hasRoom(WalFormat.RECORDS_AT, WalFormat.recordBytes(payloadBytes))) {
          return;
        }
        if (preparingFailed != null) {
          VarveException thrown = preparingFailed;
          preparingFailed = null;
          throw thrown;
        }
        prepareNext(payloadBytes);
        if (preparing) {
          changed.awaitUninterruptibly();
        }
      }
      throw ErrorCode.CLOSED.error("The database is closed.").build();
    } finally {
      lock.unlock();
    }
  }

  private void prepareNext(int payloadBytes) {
    lock.lock();
    try {
      if (preparing || closed) {
        return;
      }
      preparing = true;
    } finally {
      lock.unlock();
    }
    preparer.execute(() -> prepare(payloadBytes));
  }

  private void prepare(int payloadBytes) {
    long wanted =
        WalFormat.RECORDS_AT
            + WalFormat.recordBytes(payloadBytes)
            + WalFormat.recordBytes(Long.BYTES);
    lock.lock();
    try {
      int bytes = (int) Math.max(normalBytes, wanted);
      WalSegment unfit = ready;
      if (!closed && (unfit == null || unfit.buffer.capacity() < wanted)) {
        if (unfit != null && READY.compareAndSet(this, unfit, null)) {
          live.remove(unfit);
          free.add(unfit);
        }
        WalSegment next = prepared(bytes, sync.forces() != forcesSeen);
        forcesSeen = sync.forces();
        live.add(next);
        ready = next;
        normalBytes = (int) Math.min(segmentBytes, 2L * normalBytes);
      }
    } catch (DiskFullException full) {
      preparingFailed =
          ErrorCode.DISK_FULL
              .error("There is no room on the device for the log.")
              .fact("directory", directory)
              .fact("bytes", wanted)
              .hint("Make room; writing goes on by itself then.")
              .cause(full)
              .build();
    } catch (IOException refused) {
      preparingFailed =
          ErrorCode.IO
              .error("A segment of the log could not be created.")
              .fact("directory", directory)
              .cause(refused)
              .build();
    } catch (RuntimeException | Error defect) {
      preparingFailed =
          ErrorCode.INTERNAL.error("Preparing a segment failed.").cause(defect).build();
    } finally {
      preparing = false;
      changed.signalAll();
      lock.unlock();
    }
  }

  /**
   * A segment under the next number, from those that are free or new. Under the lock.
   *
   * @param force whether to write it to the device now, which spares the first force of a record to
   *     write all the zeros; of use only where records are forced
   */
  private WalSegment prepared(int bytes, boolean force) throws IOException {
    for (int i = 0; i < free.size(); i++) {
      WalSegment old = free.get(i);
      if (old.buffer.capacity() >= bytes
          && old.buffer.capacity() <= Math.max(2L * bytes, segmentBytes)) {
        WalSegment segment = numbered(old.path, old.file, force);
        free.remove(i);
        return segment;
      }
    }
    Path path = directory.resolve(WalFormat.fileName(highestPlace + 1));
    MappedFile file = null;
    WalSegment segment = null;
    try {
      file = files.mapWritable(path, bytes);
      files.syncDirectory(directory);
      segment = numbered(path, file, force);
      highestPlace++;
      return segment;
    } finally {
      if (segment == null) {
        if (file != null) {
          file.close();
        }
        files.delete(path);
      }
    }
  }

  private WalSegment numbered(Path path, MappedFile file, boolean force) throws IOException {
    long number = ++highestNumber;
    WalFormat.writeHeader(file.buffer(), number, ThreadLocalRandom.current().nextInt());
    if (force) {
      file.sync();
    }
    return new WalSegment(path, file, number);
  }

  /**
   * Frees the segments before {@code position}: what they hold is durable in tables. On an engine
   * thread.
   */
  public void release(long position) {
    long number = WalFormat.segment(position);
    sync.forget(number);
    lock.lock();
    try {
      while (!live.isEmpty() && live.peek().number < number) {
        free.add(live.remove());
      }
      trimFree(MAX_FREE);
    } finally {
      lock.unlock();
    }
  }

  private void trimFree(int most) {
    int kept = 0;
    for (int i = 0; i < free.size(); ) {
      WalSegment segment = free.get(i);
      int bytes = segment.buffer.capacity();
      if (bytes >= normalBytes && bytes <= segmentBytes && kept < most) {
        kept++;
        i++;
        continue;
      }
      free.remove(i);
      segment.file.close();
      try {
        files.delete(segment.path);
      } catch (IOException kept2) {
        org.slf4j.LoggerFactory.getLogger(Wal.class)
            .warn("A segment of the log could not be deleted. [file={}]", segment.path, kept2);
      }
    }
  }

  /** Segments that hold what tables do not, the current one included. */
  public int liveSegments() {
    lock.lock();
    try {
      return live.size() - (ready == null ? 0 : 1);
    } finally {
      lock.unlock();
    }
  }

  /** The oldest position that is kept. */
  public long oldestPosition() {
    lock.lock();
    try {
      WalSegment oldest = live.peek();
      return oldest == null ? 0 : WalFormat.position(oldest.number, WalFormat.RECORDS_AT);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forces what is written, says so in the log, and unmaps it. No reserving, writing or waiting may
   * go on.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (sync != null) {
      sync.close();
    }
    VarveException failed = null;
    lock.lock();
    try {
      if (sync != null) {
        failed = closeInOrder();
        trimFree(1);
      }
      for (WalSegment segment : live) {
        segment.file.close();
      }
      for (WalSegment segment : free) {
        segment.file.close();
      }
    } finally {
      lock.unlock();
    }
    budget.release(MemoryPurpose.WAL, 2L * segmentBytes);
    if (failed != null) {
      throw failed;
    }
  }

  /** Under the lock, so that no segment is being prepared. */
  private @Nullable VarveException closeInOrder() {
    VarveException failed = sync.failure();
    if (failed == null) {
      try {
        for (WalSegment segment : live) {
          segment.file.sync();
        }
        if (sync.writtenPosition() == position()) {
          sealing.closed(current, top);
          current.file.sync();
        }
      } catch (IOException refused) {
        failed =
            ErrorCode.IO
                .error("The log could not be forced to the device.")
                .fact("file", current.path)
                .cause(refused)
                .build();
      }
    }
    return failed;
  }
}
