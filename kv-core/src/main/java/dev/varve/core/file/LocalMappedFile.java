// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import dev.varve.core.memory.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** A mapping of a file on disk. Closing waits for a sync that is under way. */
final class LocalMappedFile implements MappedFile {
  private final Path file;
  private final Region region;
  private final ReentrantLock syncing = new ReentrantLock();
  private boolean closed;

  LocalMappedFile(Path file, Region region) {
    this.file = file;
    this.region = region;
  }

  @Override
  public ByteBuffer buffer() {
    return region.buffer();
  }

  @Override
  public long sizeBytes() {
    return region.sizeBytes();
  }

  @Override
  public void sync() throws IOException {
    syncing.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      ((MappedByteBuffer) region.buffer()).force();
    } catch (UncheckedIOException e) {
      throw new IOException("file=" + file, e.getCause());
    } finally {
      syncing.unlock();
    }
  }

  @Override
  public void close() {
    syncing.lock();
    try {
      closed = true;
      region.close();
    } finally {
      syncing.unlock();
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
