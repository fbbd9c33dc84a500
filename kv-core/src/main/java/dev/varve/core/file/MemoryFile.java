// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.core.memory.OffHeap;
import dev.varve.core.memory.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one file in memory, under any number of names. Freed when it has no name and nobody
 * uses it any more.
 */
final class MemoryFile {
  private static final int FIRST_BYTES = 1 << 12;
  private static final int WASTE_DIVISOR = 8;

  private final MemoryBudget budget;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Region region;
  private int sizeBytes;
  private int names;
  private int users;
  private boolean written;

  MemoryFile(MemoryBudget budget) {
    this.budget = budget;
  }

  void addName() {
    lock.lock();
    names++;
    lock.unlock();
  }

  void removeName() {
    lock.lock();
    try {
      names--;
      freeIfUnused();
    } finally {
      lock.unlock();
    }
  }

  long sizeBytes() {
    lock.lock();
    try {
      return sizeBytes;
    } finally {
      lock.unlock();
    }
  }

  int read(long offset, ByteBuffer into) {
    lock.lock();
    try {
      if (offset >= sizeBytes || region == null) {
        return into.hasRemaining() ? -1 : 0;
      }
      int count = (int) Math.min(into.remaining(), sizeBytes - offset);
      into.put(into.position(), region.buffer(), (int) offset, count);
      into.position(into.position() + count);
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Gives an empty file {@code bytes} zero bytes. */
  void allocate(String name, int bytes) throws IOException {
    lock.lock();
    try {
      region = region(name, bytes);
      sizeBytes = bytes;
    } finally {
      lock.unlock();
    }
  }

  WritableFile openWriter(String name) {
    lock.lock();
    try {
      users++;
      written = true;
      return new Writer(name);
    } finally {
      lock.unlock();
    }
  }

  MappedFile map(String name, boolean readOnly) throws IOException {
    lock.lock();
    try {
      if (written) {
        throw new IOException("still being written: file=" + name);
      }
      ByteBuffer bytes =
          region == null ? ByteBuffer.allocateDirect(0) : region.buffer().slice(0, sizeBytes);
      users++;
      return new Mapping(readOnly ? bytes.asReadOnlyBuffer() : bytes);
    } finally {
      lock.unlock();
    }
  }

  private void removeUser() {
    users--;
    freeIfUnused();
  }

  private void freeIfUnused() {
    if (names == 0 && users == 0 && region != null) {
      region.close();
      region = null;
    }
  }

  private Region region(String name, long bytes) throws IOException {
    try {
      return OffHeap.allocate(budget, MemoryPurpose.FILES, bytes);
    } catch (VarveException e) {
      if (e.code() == ErrorCode.OUT_OF_MEMORY) {
        throw new DiskFullException("file=" + name + " wantedBytes=" + bytes, e);
      }
      throw e;
    }
  }

  private void resize(String name, long capacityBytes) throws IOException {
    Region resized = region(name, capacityBytes);
    if (region != null) {
      resized.buffer().put(0, region.buffer(), 0, sizeBytes);
      region.close();
    }
    region = resized;
  }

  /** Appends by doubling, and gives back at the end what was too much. */
  private final class Writer implements WritableFile {
    private final String name;
    private boolean closed;

    Writer(String name) {
      this.name = name;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      lock.lock();
      try {
        checkOpen();
        int count = bytes.remaining();
        ensureRoom(count);
        if (region != null) {
          region.buffer().put(sizeBytes, bytes, bytes.position(), count);
        }
        bytes.position(bytes.limit());
        sizeBytes += count;
      } finally {
        lock.unlock();
      }
    }

    private void ensureRoom(int count) throws IOException {
      long wanted = (long) sizeBytes + count;
      long capacity = region == null ? 0 : region.sizeBytes();
      if (wanted > Integer.MAX_VALUE) {
        throw new IOException("file too large: file=" + name + " sizeBytes=" + wanted);
      }
      if (wanted > capacity) {
        long doubled = Math.max(FIRST_BYTES, Math.min(2 * capacity, Integer.MAX_VALUE));
        resize(name, Math.max(wanted, doubled));
      }
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public long sizeBytes() {
      return MemoryFile.this.sizeBytes();
    }

    @Override
    public void sync() throws IOException {
      checkOpen();
    }

    @Override
    public void close() throws IOException {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          written = false;
          removeUser();
          trim();
        }
      } finally {
        lock.unlock();
      }
    }

    private void trim() throws IOException {
      if (region == null || region.sizeBytes() - sizeBytes <= sizeBytes / WASTE_DIVISOR) {
        return;
      }
      try {
        resize(name, Math.max(1, sizeBytes));
      } catch (DiskFullException noRoomToCopy) {
        return; // The waste stays, and stays counted.
      }
    }
  }

  /** A look at the bytes. */
  private final class Mapping implements MappedFile {
    private final ByteBuffer buffer;
    private boolean closed;

    Mapping(ByteBuffer buffer) {
      this.buffer = buffer;
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
      if (closed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          removeUser();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
