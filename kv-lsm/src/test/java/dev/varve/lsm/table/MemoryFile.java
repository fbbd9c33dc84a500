// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A file in memory, written once, then mapped as it is, damaged or cut. */
final class MemoryFile implements WritableFile {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void append(ByteBuffer more) {
    byte[] copy = new byte[more.remaining()];
    more.get(copy);
    bytes.writeBytes(copy);
  }

  @Override
  public long sizeBytes() {
    return bytes.size();
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}

  byte[] bytes() {
    return bytes.toByteArray();
  }

  MappedFile map() {
    return map(bytes());
  }

  /** A mapping of {@code content}: a direct, read-only buffer as a real one is. */
  static MappedFile map(byte[] content) {
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length);
    direct.put(0, content);
    ByteBuffer mapping = direct.asReadOnlyBuffer();
    return new MappedFile() {
      @Override
      public void sync() {}

      @Override
      public ByteBuffer buffer() {
        return mapping;
      }

      @Override
      public long sizeBytes() {
        return content.length;
      }

      @Override
      public void close() {}
    };
  }
}
