// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import dev.varve.core.memory.OffHeap;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of this machine. Thread-safe; may be called by interrupted threads.
 *
 * <p>No file is ever truncated or overwritten in place except through a writable mapping: a checkpoint may
 * share the inode under another name. Replacing a file means giving its name to a new one.
 */
public final class LocalFileSystem implements FileSystem {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final boolean WINDOWS = File.separatorChar == '\\';

  private final String bootId = readBootId();

  /** The files of this machine. */
  public LocalFileSystem() {}

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void link(Path existing, Path target) throws IOException {
    try {
      Files.createLink(target, existing);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
      try {
        copy(existing, target);
      } catch (IOException e) {
        e.addSuppressed(noHardLinks);
        throw e;
      }
    }
  }

  private static void copy(Path existing, Path target) throws IOException {
    try {
      Files.copy(existing, target);
      Uninterrupted.call(
          () -> {
            force(target, StandardOpenOption.WRITE);
            return target;
          });
    } catch (IOException e) {
      throw DiskFull.translate(target, Files.size(existing), e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (WINDOWS) {
      return; // Directories cannot be opened there; the file system logs its names itself.
    }
    Uninterrupted.call(
        () -> {
          force(directory, StandardOpenOption.READ);
          return directory;
        });
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    Files.deleteIfExists(file);
    try {
      return new LocalWritableFile(file);
    } catch (IOException e) {
      throw DiskFull.translate(file, 0, e);
    }
  }

  @Override
  public int read(Path file, long offset, ByteBuffer into) throws IOException {
    int start = into.position();
    return Uninterrupted.call(
        () -> {
          into.position(start);
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return readFully(channel, offset, into);
          }
        });
  }

  private static int readFully(FileChannel channel, long offset, ByteBuffer into)
      throws IOException {
    int count = 0;
    while (into.hasRemaining()) {
      int read = channel.read(into, offset + count);
      if (read < 0) {
        return count == 0 ? -1 : count;
      }
      count += read;
    }
    return count;
  }

  @Override
  public MappedFile mapReadOnly(Path file) throws IOException {
    return Uninterrupted.call(
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return map(file, channel, MapMode.READ_ONLY, channel.size());
          }
        });
  }

  @Override
  public MappedFile mapWritable(Path file, int sizeBytes) throws IOException {
    if (!Files.exists(file) || Files.size(file) != sizeBytes) {
      allocate(file, sizeBytes);
    }
    return Uninterrupted.call(
        () -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return map(file, channel, MapMode.READ_WRITE, sizeBytes);
          }
        });
  }

  /** Writes every byte, so that the file has no hole; one that stays incomplete is removed. */
  private void allocate(Path file, int sizeBytes) throws IOException {
    try (WritableFile writer = create(file)) {
      ByteBuffer zeros = Zeros.buffer();
      while (writer.sizeBytes() < sizeBytes) {
        long left = sizeBytes - writer.sizeBytes();
        writer.append(zeros.position(0).limit((int) Math.min(left, zeros.capacity())));
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static MappedFile map(Path file, FileChannel channel, MapMode mode, long sizeBytes)
      throws IOException {
    if (sizeBytes > Integer.MAX_VALUE) {
      throw new IOException("file too large to map: file=" + file + " sizeBytes=" + sizeBytes);
    }
    return new LocalMappedFile(file, OffHeap.map(channel, mode, sizeBytes));
  }

  @Override
  public AutoCloseable lock(Path file, String owner) throws IOException {
    return LocalFileLock.acquire(file, owner);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return Files.getFileStore(existing).getUsableSpace();
  }

  @Override
  public String bootId() {
    return bootId;
  }

  private static String readBootId() {
    try {
      return Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "";
    } catch (IOException unknown) {
      return "";
    }
  }

  /**
   * What preallocation writes: a page at a time. For the system keeps in one piece what was written
   * in one piece, and later writes the whole piece back for every byte stored through a mapping.
   */
  private static final class Zeros {
    private static final ByteBuffer SHARED = ByteBuffer.allocateDirect(1 << 12);

    static ByteBuffer buffer() {
      return SHARED.duplicate();
    }
  }
}
