// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.core.codec.Bytes;
import dev.varve.core.file.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A mapped segment with its header, while it has one number. */
public final class WalSegment {
  final Path path;
  final MappedFile file;
  final ByteBuffer buffer;
  final long number;
  final int salt;

  /** The segment in which the log goes on, once it does. */
  volatile @Nullable WalSegment successor;

  WalSegment(Path path, MappedFile file, long number) {
    this(path, file, number, Bytes.intLE(file.buffer(), WalFormat.SALT_AT));
  }

  WalSegment(Path path, MappedFile file, long number, int salt) {
    this.path = path;
    this.file = file;
    this.buffer = file.buffer();
    this.number = number;
    this.salt = salt;
  }

  /** Whether a record of {@code recordBytes} fits at {@code offset}, and a NEXT after it. */
  boolean hasRoom(int offset, long recordBytes) {
    return offset + recordBytes + WalFormat.recordBytes(Long.BYTES) <= buffer.capacity();
  }
}
