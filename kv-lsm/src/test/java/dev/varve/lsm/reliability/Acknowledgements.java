// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.file.MappedFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Which commits were begun and acknowledged, in a mapped file that outlives the process. */
final class Acknowledgements implements AutoCloseable {
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SLOT_BYTES = 128;

  private final MappedFile file;

  private Acknowledgements(MappedFile file) {
    this.file = file;
  }

  static Acknowledgements open(Path path) throws IOException {
    return new Acknowledgements(new LocalFileSystem().mapWritable(path, 1 << 12));
  }

  void begin(int thread, long commit) {
    LONGS.setVolatile(file.buffer(), thread * SLOT_BYTES, commit);
  }

  void acknowledge(int thread, long commit) {
    LONGS.setVolatile(file.buffer(), thread * SLOT_BYTES + 64, commit);
  }

  long begun(int thread) {
    return (long) LONGS.getVolatile(file.buffer(), thread * SLOT_BYTES);
  }

  long acknowledged(int thread) {
    return (long) LONGS.getVolatile(file.buffer(), thread * SLOT_BYTES + 64);
  }

  @Override
  public void close() {
    file.close();
  }
}
