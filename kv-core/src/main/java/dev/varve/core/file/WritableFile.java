// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file being appended to. One thread at a time; the creator closes it. */
public interface WritableFile extends AutoCloseable {
  /** Appends the remaining bytes of {@code bytes}. */
  void append(ByteBuffer bytes) throws IOException;

  /** Bytes appended so far. */
  long sizeBytes();

  /** Makes the bytes appended so far durable. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
