// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import dev.varve.core.memory.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files in off-heap memory, for a database without a disk. Thread-safe.
 *
 * <p>A file's memory is freed when its last name is deleted and its last mapping closed. It is counted
 * against a budget, and the budget's end is a full disk.
 */
public final class InMemoryFileSystem implements FileSystem {
  private final MemoryBudget budget;
  private final String bootId = UUID.randomUUID().toString();
  private final ReentrantLock lock = new ReentrantLock();

  /** Files by absolute path, directories with the value null. */
  private final NavigableMap<Path, @Nullable MemoryFile> entries = new TreeMap<>();

  private final NavigableMap<Path, String> lockOwners = new TreeMap<>();

  /** An empty one, bounded by the machine's memory only. */
  public InMemoryFileSystem() {
    this(new MemoryBudget(Long.MAX_VALUE));
  }

  /** An empty one that counts its files against {@code budget}. */
  public InMemoryFileSystem(MemoryBudget budget) {
    this.budget = budget;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    lock.lock();
    try {
      for (Path each = absolute(directory); each != null; each = each.getParent()) {
        if (entries.get(each) != null) {
          throw new FileAlreadyExistsException(each.toString());
        }
        entries.put(each, null);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    Path parent = absolute(directory);
    lock.lock();
    try {
      checkDirectory(parent);
      List<String> names = new ArrayList<>();
      for (Path each : below(parent)) {
        if (parent.equals(each.getParent())) {
          names.add(each.getFileName().toString());
        }
      }
      names.sort(null);
      return names;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean exists(Path path) {
    lock.lock();
    try {
      return entries.containsKey(absolute(path));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return file(file).sizeBytes();
  }

  @Override
  public void delete(Path path) throws IOException {
    Path absolute = absolute(path);
    lock.lock();
    try {
      if (!below(absolute).isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      forget(absolute);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Path source = absolute(from);
    Path target = absolute(to);
    lock.lock();
    try {
      if (!entries.containsKey(source)) {
        throw new NoSuchFileException(from.toString());
      }
      checkDirectory(target.getParent());
      if (source.equals(target)) {
        return;
      }
      if (!below(target).isEmpty()) {
        throw new DirectoryNotEmptyException(to.toString());
      }
      forget(target);
      for (Path each : below(source)) {
        entries.put(target.resolve(source.relativize(each)), entries.remove(each));
      }
      entries.put(target, entries.remove(source));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void link(Path existing, Path target) throws IOException {
    lock.lock();
    try {
      name(absolute(target), file(existing));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    lock.lock();
    try {
      checkDirectory(absolute(directory));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    lock.lock();
    try {
      return replace(file).openWriter(file.toString());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(Path file, long offset, ByteBuffer into) throws IOException {
    lock.lock();
    try {
      return file(file).read(offset, into);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MappedFile mapReadOnly(Path file) throws IOException {
    lock.lock();
    try {
      return file(file).map(file.toString(), true);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MappedFile mapWritable(Path file, int sizeBytes) throws IOException {
    lock.lock();
    try {
      MemoryFile present = entries.get(absolute(file));
      if (present == null || present.sizeBytes() != sizeBytes) {
        present = replace(file);
        allocate(file, present, sizeBytes);
      }
      return present.map(file.toString(), false);
    } finally {
      lock.unlock();
    }
  }

  private void allocate(Path path, MemoryFile file, int sizeBytes) throws IOException {
    try {
      file.allocate(path.toString(), sizeBytes);
    } catch (IOException e) {
      forget(absolute(path));
      throw e;
    }
  }

  @Override
  public AutoCloseable lock(Path file, String owner) throws IOException {
    Path absolute = absolute(file);
    lock.lock();
    try {
      String holder = lockOwners.get(absolute);
      if (holder != null) {
        throw new FileLockedException(file.toString(), holder);
      }
      if (!entries.containsKey(absolute)) {
        name(absolute, new MemoryFile(budget));
      }
      lockOwners.put(absolute, owner);
      return new Lock(absolute);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long usableBytes(Path path) {
    return budget.limitBytes() - budget.usedBytes();
  }

  @Override
  public String bootId() {
    return bootId;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private MemoryFile file(Path path) throws IOException {
    lock.lock();
    try {
      MemoryFile file = entries.get(absolute(path));
      if (file == null) {
        throw new NoSuchFileException(path.toString());
      }
      return file;
    } finally {
      lock.unlock();
    }
  }

  private MemoryFile replace(Path path) throws IOException {
    Path absolute = absolute(path);
    lock.lock();
    try {
      checkDirectory(absolute.getParent());
      if (isDirectory(absolute)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      forget(absolute);
      MemoryFile fresh = new MemoryFile(budget);
      name(absolute, fresh);
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  private void name(Path absolute, MemoryFile file) throws IOException {
    checkDirectory(absolute.getParent());
    if (entries.containsKey(absolute)) {
      throw new FileAlreadyExistsException(absolute.toString());
    }
    entries.put(absolute, file);
    file.addName();
  }

  private void forget(Path absolute) {
    MemoryFile file = entries.remove(absolute);
    if (file != null) {
      file.removeName();
    }
  }

  private boolean isDirectory(Path absolute) {
    return entries.containsKey(absolute) && entries.get(absolute) == null;
  }

  private void checkDirectory(@Nullable Path absolute) throws IOException {
    if (absolute == null || !entries.containsKey(absolute)) {
      throw new NoSuchFileException(String.valueOf(absolute));
    }
    if (!isDirectory(absolute)) {
      throw new NotDirectoryException(absolute.toString());
    }
  }

  private List<Path> below(Path directory) {
    return entries.tailMap(directory, false).keySet().stream()
        .filter(each -> each.startsWith(directory))
        .toList();
  }

  /** A held lock. */
  private final class Lock implements AutoCloseable {
    private final Path file;
    private boolean closed;

    Lock(Path file) {
      this.file = file;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          lockOwners.remove(file);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
