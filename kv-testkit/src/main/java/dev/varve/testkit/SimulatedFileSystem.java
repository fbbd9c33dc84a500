// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import dev.varve.core.file.FileLockedException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that knows what would survive. Thread-safe.
 *
 * <p>A power cut keeps what was synced. Of the rest it keeps nothing, all, or parts: single pages,
 * sectors, 8-byte words, a head or a tail cut at any byte, in any order; a file's new size with or
 * without its bytes; and of each directory's unsynced changes a prefix or any subset. The death of the
 * process alone keeps everything and releases the locks. After either this object is dead: whatever
 * still runs on it gets a {@link PowerCut}, and the successor is asked for.
 *
 * <p>A sync that fails leaves its pages as the kernel does: seen, but never written, not even by a
 * later sync that succeeds.
 */
@SuppressWarnings("exports") // Only Varve's own modules see the file systems.
public final class SimulatedFileSystem implements FileSystem {
  private static final int WRITE_BACK_ONCE_IN = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final RandomGenerator random;
  private final Faults faults = new Faults();
  private final SimulatedTree tree;
  private final Map<Path, String> lockOwners = new HashMap<>();
  private final Set<Handle> openHandles = new LinkedHashSet<>();
  private final String bootId;
  private long powerCutAt = Long.MAX_VALUE;
  private @Nullable String downSince;

  /** An empty one; {@code random} decides what the kernel writes of its own accord. */
  public SimulatedFileSystem(RandomGenerator random) {
    this(random, new SimulatedTree(), UUID.randomUUID().toString());
  }

  private SimulatedFileSystem(RandomGenerator random, SimulatedTree tree, String bootId) {
    this.random = random;
    this.tree = tree;
    this.bootId = bootId;
  }

  // What tests do to it.

  /** Which operations fail, and what was done so far. */
  public Faults faults() {
    return faults;
  }

  /** Cuts the power in the middle of the k-th operation that changes something, counted from 1. */
  public void powerCutAt(long mutation) {
    lock.lock();
    powerCutAt = mutation;
    lock.unlock();
  }

  /** Cuts the power now. Idempotent. */
  public void powerCut() {
    lock.lock();
    try {
      goDown("power cut between operations");
    } finally {
      lock.unlock();
    }
  }

  /** Whether the power is off or the process dead. */
  public boolean isDown() {
    lock.lock();
    try {
      return downSince != null;
    } finally {
      lock.unlock();
    }
  }

  /** Bounds the bytes of all files. */
  public void capacityBytes(long bytes) {
    lock.lock();
    tree.capacityBytes = bytes;
    lock.unlock();
  }

  /** The bytes of all files that have a name or are open. */
  public long usedBytes() {
    lock.lock();
    try {
      return tree.usedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Changes one bit of a file, seen and durable; bits count from the lowest of the first byte. */
  public void flipBit(Path file, long bit) throws IOException {
    lock.lock();
    try {
      tree.file(absolute(file)).flipBit(bit);
    } finally {
      lock.unlock();
    }
  }

  /** Cuts the power if it is still on, and returns what the machine finds when it is on again. */
  public SimulatedFileSystem afterPowerCut(RandomGenerator random) {
    lock.lock();
    try {
      goDown("power cut between operations");
      SimulatedTree after = tree.afterPowerCut(random);
      return new SimulatedFileSystem(random, after, UUID.randomUUID().toString());
    } finally {
      lock.unlock();
    }
  }

  /** Kills the process if it still lives, and returns what the next process finds. */
  public SimulatedFileSystem afterKill() {
    lock.lock();
    try {
      goDown("process killed between operations");
      return new SimulatedFileSystem(random, tree.afterKill(), bootId);
    } finally {
      lock.unlock();
    }
  }

  /** Another file system with the same content; this one stays alive. */
  public SimulatedFileSystem copy() {
    lock.lock();
    try {
      return new SimulatedFileSystem(random, tree.afterKill(), bootId);
    } finally {
      lock.unlock();
    }
  }

  /** Fails with the names of files, mappings and locks that nobody closed. */
  public void assertNoLeaks() {
    lock.lock();
    try {
      if (!openHandles.isEmpty()) {
        throw new AssertionError("not closed: " + openHandles);
      }
    } finally {
      lock.unlock();
    }
  }

  private void goDown(String operation) {
    if (downSince == null) {
      downSince = operation;
      tree.freeze();
    }
  }

  // The file system.

  @Override
  public void createDirectories(Path directory) throws IOException {
    run(
        Operation.CREATE_DIRECTORIES,
        directory,
        cut -> {
          tree.createDirectories(absolute(directory));
          return directory;
        });
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return run(Operation.LIST, directory, cut -> tree.directory(absolute(directory)).list());
  }

  @Override
  public boolean exists(Path path) {
    lock.lock();
    try {
      checkUp();
      return tree.find(absolute(path)) != null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return run(Operation.SIZE, file, cut -> (long) tree.file(absolute(file)).sizeBytes());
  }

  @Override
  public void delete(Path path) throws IOException {
    run(
        Operation.DELETE,
        path,
        cut -> {
          tree.delete(absolute(path));
          return path;
        });
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    run(
        Operation.RENAME,
        from,
        cut -> {
          tree.rename(absolute(from), absolute(to));
          return to;
        });
  }

  @Override
  public void link(Path existing, Path target) throws IOException {
    run(
        Operation.LINK,
        target,
        cut -> {
          tree.link(absolute(existing), absolute(target));
          return target;
        });
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    run(
        Operation.SYNC_DIRECTORY,
        directory,
        cut -> {
          SimulatedDirectory found = tree.directory(absolute(directory));
          if (!cut) {
            found.sync();
          }
          return found;
        });
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    return run(Operation.CREATE, file, cut -> new Writer(file, tree.replace(absolute(file))));
  }

  @Override
  public int read(Path file, long offset, ByteBuffer into) throws IOException {
    return run(Operation.READ, file, cut -> tree.file(absolute(file)).read(offset, into));
  }

  @Override
  public MappedFile mapReadOnly(Path file) throws IOException {
    return run(
        Operation.MAP_READ_ONLY,
        file,
        cut -> {
          SimulatedFile found = tree.file(absolute(file));
          if (found.writing) {
            throw new IOException("still being written: file=" + file);
          }
          return new Mapping(file, found, found.map(false));
        });
  }

  @Override
  public MappedFile mapWritable(Path file, int sizeBytes) throws IOException {
    lock.lock();
    try {
      checkUp();
      Path absolute = absolute(file);
      faults.admit(
          Operation.MAP_WRITABLE, file, tree.isFileOfSize(absolute, sizeBytes) ? 0 : sizeBytes);
      return finish(
          Operation.MAP_WRITABLE,
          file,
          cut -> {
            SimulatedFile found = tree.fileOfSize(absolute, sizeBytes);
            return new Mapping(file, found, found.map(true));
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public AutoCloseable lock(Path file, String owner) throws IOException {
    return run(
        Operation.LOCK,
        file,
        cut -> {
          Path absolute = absolute(file);
          String holder = lockOwners.get(absolute);
          if (holder != null) {
            throw new FileLockedException(file.toString(), holder);
          }
          if (tree.find(absolute) == null) {
            tree.replace(absolute);
          }
          lockOwners.put(absolute, owner);
          return new Lock(absolute);
        });
  }

  @Override
  public long usableBytes(Path path) {
    lock.lock();
    try {
      checkUp();
      return tree.usableBytes();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String bootId() {
    return bootId;
  }

  // Below: under the lock.

  /** Counts an operation, lets it fail if it is to, and cuts the power in its middle if it is time. */
  private <T> T run(Operation operation, Path path, Effect<T> effect) throws IOException {
    lock.lock();
    try {
      checkUp();
      faults.admit(operation, path, 0);
      return finish(operation, path, effect);
    } finally {
      lock.unlock();
    }
  }

  private <T> T finish(Operation operation, Path path, Effect<T> effect) throws IOException {
    maybeWriteBack();
    boolean cut = operation.mutates() && faults.mutations() >= powerCutAt;
    try {
      return effect.run(cut);
    } finally {
      if (cut) {
        goDown(operation + " " + path + " mutation=" + faults.mutations());
        checkUp();
      }
    }
  }

  private void checkUp() {
    if (downSince != null) {
      throw new PowerCut(downSince);
    }
  }

  /** Now and then the kernel writes what programs have stored, without being asked. */
  private void maybeWriteBack() {
    if (random.nextInt(WRITE_BACK_ONCE_IN) == 0) {
      for (Handle each : openHandles) {
        if (random.nextBoolean()) {
          each.writeBack(random);
        }
      }
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** What an operation does; when the power is cut in its middle, a sync does nothing. */
  @FunctionalInterface
  private interface Effect<T> {
    T run(boolean cut) throws IOException;
  }

  /** What must be closed. */
  private abstract class Handle {
    final Path path;
    boolean closed;

    Handle(Path path) {
      this.path = path;
      openHandles.add(this);
    }

    /** Writes some of its bytes to the disk. */
    void writeBack(RandomGenerator random) {}

    final boolean closeOnce() {
      boolean first = !closed;
      closed = true;
      openHandles.remove(this);
      return first;
    }

    final void checkOpen() throws IOException {
      checkUp();
      if (closed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public final String toString() {
      return getClass().getSimpleName() + " of " + path;
    }
  }

  private final class Writer extends Handle implements WritableFile {
    private final SimulatedFile file;

    Writer(Path path, SimulatedFile file) {
      super(path);
      this.file = file;
      file.writing = true;
      tree.use(file);
    }

    @Override
    void writeBack(RandomGenerator random) {
      file.writeBack(random);
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      lock.lock();
      try {
        checkOpen();
        int count = bytes.remaining();
        boolean cutShort = faults.admit(Operation.APPEND, path, count);
        finish(
            Operation.APPEND,
            path,
            cut -> {
              append(bytes, cutShort ? count / 2 : count);
              return path;
            });
        if (cutShort) {
          throw new IOException("simulated: short write file=" + path);
        }
      } finally {
        lock.unlock();
      }
    }

    private void append(ByteBuffer bytes, int count) throws IOException {
      int fits = (int) Math.min(count, tree.usableBytes());
      file.append(bytes, fits);
      tree.usedBytes += fits;
      if (fits < count) {
        throw SimulatedTree.full(path);
      }
    }

    @Override
    public long sizeBytes() {
      lock.lock();
      try {
        return file.sizeBytes();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void sync() throws IOException {
      lock.lock();
      try {
        checkOpen();
        syncContent(Operation.SYNC_FILE, path, file);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (closeOnce()) {
          file.writing = false;
          tree.unuse(file);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void syncContent(Operation operation, Path path, SimulatedFile file) throws IOException {
    try {
      faults.admit(operation, path, 0);
    } catch (IOException e) {
      file.failSync();
      throw e;
    }
    finish(
        operation,
        path,
        cut -> {
          if (!cut) {
            file.sync();
          }
          return file;
        });
  }

  private final class Mapping extends Handle implements MappedFile {
    private final SimulatedFile file;
    private final ByteBuffer buffer;

    Mapping(Path path, SimulatedFile file, ByteBuffer buffer) {
      super(path);
      this.file = file;
      this.buffer = buffer;
      tree.use(file);
    }

    @Override
    void writeBack(RandomGenerator random) {
      file.writeBack(random);
    }

    @Override
    public ByteBuffer buffer() {
      return buffer;
    }

    @Override
    public long sizeBytes() {
      return buffer.capacity();
    }

    @Override
    public void sync() throws IOException {
      lock.lock();
      try {
        checkOpen();
        syncContent(Operation.SYNC_MAPPING, path, file);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (closeOnce()) {
          tree.unuse(file);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private final class Lock extends Handle implements AutoCloseable {
    Lock(Path path) {
      super(path);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (closeOnce()) {
          lockOwners.remove(path);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
