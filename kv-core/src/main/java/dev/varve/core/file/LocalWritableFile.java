// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends through a channel, which it opens again when an interrupt closed it. */
final class LocalWritableFile implements WritableFile {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path file;
  private FileChannel channel;
  private long sizeBytes;
  private boolean closed;

  LocalWritableFile(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void append(ByteBuffer bytes) throws IOException {
    checkOpen();
    int end = bytes.limit();
    try {
      while (bytes.position() < end) {
        bytes.limit(Math.min(end, bytes.position() + CHUNK_BYTES));
        appendChunk(bytes);
      }
    } catch (IOException e) {
      throw DiskFull.translate(file, end - bytes.position(), e);
    } finally {
      bytes.limit(end);
    }
  }

  private void appendChunk(ByteBuffer bytes) throws IOException {
    long start = sizeBytes;
    int first = bytes.position();
    Uninterrupted.call(
        () -> {
          while (bytes.hasRemaining()) {
            try {
              channel().write(bytes, start + bytes.position() - first);
            } finally {
              sizeBytes = start + bytes.position() - first;
            }
          }
          return sizeBytes;
        });
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void sync() throws IOException {
    checkOpen();
    try {
      Uninterrupted.call(
          () -> {
            channel().force(true);
            return sizeBytes;
          });
    } catch (IOException e) {
      throw DiskFull.translate(file, 0, e);
    }
  }

  private FileChannel channel() throws IOException {
    if (!channel.isOpen()) {
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }
    return channel;
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    channel.close();
  }
}
