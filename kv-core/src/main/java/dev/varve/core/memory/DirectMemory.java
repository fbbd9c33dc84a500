// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Direct buffers before Java 22, whose sum the JVM limits to {@code -XX:MaxDirectMemorySize}, by
 * default the largest heap. A small heap must not mean a small cache, and the JDK's own file and socket
 * I/O needs direct memory too: what exceeds half the heap is mapped from an unlinked temporary file,
 * in memory where the system offers such a place.
 */
final class DirectMemory {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final int ZERO_BYTES = 1 << 16;
  private static final AtomicLong DIRECT_BYTES = new AtomicLong();

  private DirectMemory() {}

  /** Zeroed memory of {@code sizeBytes}; {@link OutOfMemoryError} when there is none. */
  static ByteBuffer allocate(int sizeBytes) {
    // The JVM collects garbage and waits half a second before it refuses: do not ask in vain.
    if (DIRECT_BYTES.addAndGet(sizeBytes) <= Runtime.getRuntime().maxMemory() / 2) {
      try {
        ByteBuffer buffer = ByteBuffer.allocateDirect(sizeBytes);
        Reclaimer.SHARED.onCollection(buffer, () -> DIRECT_BYTES.addAndGet(-sizeBytes));
        return buffer;
      } catch (OutOfMemoryError limitReached) {
        DIRECT_BYTES.addAndGet(-sizeBytes);
        return mapTemporary(sizeBytes, limitReached);
      }
    }
    DIRECT_BYTES.addAndGet(-sizeBytes);
    return mapTemporary(sizeBytes, new OutOfMemoryError("direct memory"));
  }

  private static ByteBuffer mapTemporary(int sizeBytes, OutOfMemoryError reason) {
    boolean interrupted = Thread.interrupted();
    try {
      if (Files.isWritable(SHARED_MEMORY)) {
        try {
          return mapTemporary(SHARED_MEMORY, sizeBytes);
        } catch (IOException full) {
          reason.addSuppressed(full);
        }
      }
      return mapTemporary(Path.of(System.getProperty("java.io.tmpdir")), sizeBytes);
    } catch (IOException full) {
      reason.addSuppressed(full);
      throw reason;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ByteBuffer mapTemporary(Path directory, int sizeBytes) throws IOException {
    File file = Files.createTempFile(directory, "varve-", ".mem").toFile();
    try (RandomAccessFile access = new RandomAccessFile(file, "rw")) {
      if (!file.delete()) {
        file.deleteOnExit(); // Windows keeps the names of open files.
      }
      writeZeros(access, sizeBytes);
      return access.getChannel().map(MapMode.READ_WRITE, 0, sizeBytes);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      ByteBuffer buffer = mapTemporary(directory, sizeBytes);
      Thread.currentThread().interrupt();
      return buffer;
    }
  }

  /**
   * Really allocates the file: a store into a hole of a full device would kill the thread. Not through
   * the channel, which would need direct memory.
   */
  private static void writeZeros(RandomAccessFile file, int sizeBytes) throws IOException {
    byte[] zeros = new byte[ZERO_BYTES];
    for (long at = 0; at < sizeBytes; at += ZERO_BYTES) {
      file.write(zeros, 0, (int) Math.min(ZERO_BYTES, sizeBytes - at));
    }
  }
}
