// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Direct buffers before Java 22, whose sum the JVM limits to {@code -XX:MaxDirectMemorySize}, by
 * default the largest heap. A small heap must not mean a small cache: what does not fit is mapped
 * from an unlinked temporary file, in memory where the system offers such a place.
 */
final class DirectMemory {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final int ZERO_BYTES = 1 << 16;

  private DirectMemory() {}

  /** Zeroed memory of {@code sizeBytes}; {@link OutOfMemoryError} when there is none. */
  static ByteBuffer allocate(int sizeBytes) {
    // The JVM collects garbage and waits half a second before it refuses: do not ask in vain.
    if (Reclaimer.SHARED.heldBytes() + sizeBytes <= Runtime.getRuntime().maxMemory()) {
      try {
        return ByteBuffer.allocateDirect(sizeBytes);
      } catch (OutOfMemoryError limitReached) {
        return mapTemporary(sizeBytes, limitReached);
      }
    }
    return mapTemporary(sizeBytes, new OutOfMemoryError("direct memory"));
  }

  private static ByteBuffer mapTemporary(int sizeBytes, OutOfMemoryError reason) {
    if (Files.isWritable(SHARED_MEMORY)) {
      try {
        return mapTemporary(SHARED_MEMORY, sizeBytes);
      } catch (IOException full) {
        reason.addSuppressed(full);
      }
    }
    try {
      return mapTemporary(Path.of(System.getProperty("java.io.tmpdir")), sizeBytes);
    } catch (IOException full) {
      reason.addSuppressed(full);
      throw reason;
    }
  }

  private static ByteBuffer mapTemporary(Path directory, int sizeBytes) throws IOException {
    boolean interrupted = Thread.interrupted();
    Path file = Files.createTempFile(directory, "varve-", ".mem");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      writeZeros(channel, sizeBytes);
      return channel.map(MapMode.READ_WRITE, 0, sizeBytes);
    } finally {
      Files.deleteIfExists(file);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Really allocates the file: a store into a hole of a full device would kill the thread. */
  private static void writeZeros(FileChannel channel, int sizeBytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ZERO_BYTES);
    for (long at = 0; at < sizeBytes; ) {
      zeros.position(0).limit((int) Math.min(ZERO_BYTES, sizeBytes - at));
      at += channel.write(zeros, at);
    }
  }
}
