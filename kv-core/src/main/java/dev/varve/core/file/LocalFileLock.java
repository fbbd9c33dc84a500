// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The system's lock on a file, and a note of it inside this JVM.
 *
 * <p>POSIX drops all locks of a process on a file as soon as the process closes any descriptor of it. So
 * nobody here may even open a lock file that this JVM holds. The note that forbids it is a system
 * property, since that is the only map that all class loaders share.
 */
final class LocalFileLock implements AutoCloseable {
  private static final String NOTE_PREFIX = "varve.lock:";
  private static final int OWNER_BYTES_MAX = 4096;

  private final String note;
  private final FileChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalFileLock(String note, FileChannel channel) {
    this.note = note;
    this.channel = channel;
  }

  /** Locks {@code file}, creating it if absent. */
  static LocalFileLock acquire(Path file, String owner) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path real = parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
    String note = NOTE_PREFIX + real;
    Object holder = System.getProperties().putIfAbsent(note, owner);
    if (holder != null) {
      throw new FileLockedException(real.toString(), holder.toString());
    }
    try {
      return Uninterrupted.call(() -> acquireFromSystem(real, note, owner));
    } catch (Throwable t) {
      System.getProperties().remove(note);
      throw t;
    }
  }

  private static LocalFileLock acquireFromSystem(Path file, String note, String owner)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!tryLock(channel)) {
        throw new FileLockedException(file.toString(), readOwner(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
      return new LocalFileLock(note, channel);
    } catch (Throwable t) {
      channel.close();
      throw t;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldInThisJvm) {
      return false;
    }
  }

  private static String readOwner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(OWNER_BYTES_MAX);
    channel.read(text, 0);
    return StandardCharsets.UTF_8.decode(text.flip()).toString();
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      try {
        channel.close();
      } finally {
        System.getProperties().remove(note);
      }
    }
  }
}
