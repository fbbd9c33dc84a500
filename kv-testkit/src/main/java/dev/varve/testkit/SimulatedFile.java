// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One file as two truths: what programs see, and what the disk holds. Guarded by the file system's lock;
 * only stores into a mapping come without it, and are seen when the bytes are read the next time.
 */
final class SimulatedFile implements SimulatedNode {
  private static final int SECTOR_BYTES = 512;
  static final int PAGE_BYTES = 4096;
  private static final byte[] EMPTY = new byte[0];

  /** Names and open handles; the space is free when there are none. */
  int users;

  boolean writing;
  private byte[] bytes = EMPTY;
  private int sizeBytes;

  /** The bytes, once mapped; the only truth when mapped for writing. */
  private @Nullable ByteBuffer mapped;

  private boolean mappedForWriting;
  private byte[] durable = EMPTY;

  /** What the pages were when a sync failed: the kernel took them for clean and never writes them. */
  private byte @Nullable [] dropped;

  /** The bytes as they were when the power went, whatever is stored into the mappings afterwards. */
  private byte @Nullable [] frozen;

  int sizeBytes() {
    return sizeBytes;
  }

  void append(ByteBuffer source, int count) {
    if (sizeBytes + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(sizeBytes + count, 2 * bytes.length));
    }
    source.get(bytes, sizeBytes, count);
    sizeBytes += count;
    mapped = null;
  }

  void allocate(int count) {
    bytes = new byte[count];
    sizeBytes = count;
  }

  int read(long offset, ByteBuffer into) {
    if (offset >= sizeBytes) {
      return into.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(into.remaining(), sizeBytes - offset);
    if (mappedForWriting && mapped != null) {
      into.put(into.position(), mapped, (int) offset, count);
      into.position(into.position() + count);
    } else {
      into.put(bytes, (int) offset, count);
    }
    return count;
  }

  ByteBuffer map(boolean forWriting) {
    ByteBuffer all = mapped;
    if (all == null) {
      all = ByteBuffer.allocateDirect(sizeBytes).put(0, bytes, 0, sizeBytes);
      mapped = all;
    }
    if (forWriting && !mappedForWriting) {
      mappedForWriting = true;
      bytes = EMPTY;
    }
    return forWriting ? all.duplicate() : all.asReadOnlyBuffer();
  }

  private byte[] seen() {
    if (frozen != null) {
      return frozen;
    }
    if (mappedForWriting && mapped != null) {
      byte[] copy = new byte[sizeBytes];
      mapped.get(0, copy);
      return copy;
    }
    return Arrays.copyOf(bytes, sizeBytes);
  }

  /** Makes what is seen durable, except for pages that a failed sync made the kernel forget. */
  void sync() {
    byte[] now = seen();
    if (dropped != null) {
      for (int at = 0; at < dropped.length; at += PAGE_BYTES) {
        int end = Math.min(at + PAGE_BYTES, dropped.length);
        if (Arrays.equals(now, at, end, dropped, at, end)) {
          Arrays.fill(now, at, end, (byte) 0);
          int kept = Math.min(end, durable.length);
          if (kept > at) {
            System.arraycopy(durable, at, now, at, kept - at);
          }
        }
      }
    }
    durable = now;
  }

  /** The disk refused: the pages stay as they are in memory but are never written again. */
  void failSync() {
    dropped = seen();
  }

  /** The kernel writes some pages of its own accord. */
  void writeBack(RandomGenerator random) {
    byte[] now = seen();
    if (dropped != null || now.length != durable.length) {
      return;
    }
    for (int at = 0; at < now.length; at += PAGE_BYTES) {
      if (random.nextInt(4) == 0) {
        System.arraycopy(now, at, durable, at, Math.min(PAGE_BYTES, now.length - at));
      }
    }
  }

  /** Keeps the bytes as they are now; true when they are not as they were kept before. */
  boolean freeze() {
    byte[] before = frozen;
    if (before != null && !mappedForWriting) {
      return false;
    }
    frozen = null;
    frozen = seen();
    return !Arrays.equals(before, frozen);
  }

  void flipBit(long bit) {
    int at = Math.toIntExact(bit >> 3);
    byte mask = (byte) (1 << (bit & 7));
    if (mapped != null) {
      mapped.put(at, (byte) (mapped.get(at) ^ mask));
    }
    if (!mappedForWriting) {
      bytes[at] ^= mask;
    }
    if (at < durable.length) {
      durable[at] ^= mask;
    }
  }

  /** The file after the process died: all that was seen, durable or not. */
  SimulatedFile afterKill() {
    SimulatedFile copy = new SimulatedFile();
    copy.bytes = seen();
    copy.sizeBytes = copy.bytes.length;
    copy.durable = durable.clone();
    copy.dropped = dropped == null ? null : dropped.clone();
    return copy;
  }

  /** The file after the power went: what is durable, and of the rest what chance kept. */
  SimulatedFile afterPowerCut(RandomGenerator random) {
    SimulatedFile copy = new SimulatedFile();
    copy.bytes = survivor(random);
    copy.sizeBytes = copy.bytes.length;
    copy.durable = copy.bytes.clone();
    return copy;
  }

  private byte[] survivor(RandomGenerator random) {
    byte[] now = seen();
    if (dropped != null || Arrays.equals(now, durable)) {
      return durable.clone();
    }
    byte[] kept = resized(now.length, random);
    switch (random.nextInt(7)) {
      case 0 -> {
        return durable.clone();
      }
      case 1 -> {
        return now;
      }
      case 2 -> keepUnits(now, kept, PAGE_BYTES, random);
      case 3 -> keepUnits(now, kept, SECTOR_BYTES, random);
      case 4 -> keepUnits(now, kept, Long.BYTES, random);
      case 5 -> System.arraycopy(now, 0, kept, 0, random.nextInt(kept.length + 1));
      default -> {
        int lost = random.nextInt(kept.length + 1);
        System.arraycopy(now, lost, kept, lost, kept.length - lost);
      }
    }
    return kept;
  }

  /** The durable bytes at a size that the file may have; what was never written is zeros or old junk. */
  private byte[] resized(int seenBytes, RandomGenerator random) {
    int size =
        switch (random.nextInt(3)) {
          case 0 -> durable.length;
          case 1 -> seenBytes;
          default -> random.nextInt(durable.length, seenBytes + 1);
        };
    byte[] kept = Arrays.copyOf(durable, size);
    if (random.nextInt(8) == 0) {
      for (int i = durable.length; i < size; i++) {
        kept[i] = (byte) random.nextInt();
      }
    }
    return kept;
  }

  private static void keepUnits(byte[] now, byte[] kept, int unit, RandomGenerator random) {
    int percent = 10 + random.nextInt(81);
    int at = 0;
    while (at < kept.length) {
      int mismatch = Arrays.mismatch(now, at, kept.length, kept, at, kept.length);
      if (mismatch < 0) {
        return;
      }
      int start = (at + mismatch) / unit * unit;
      int end = Math.min(start + unit, kept.length);
      if (random.nextInt(100) < percent) {
        System.arraycopy(now, start, kept, start, end - start);
      }
      at = end;
    }
  }
}
