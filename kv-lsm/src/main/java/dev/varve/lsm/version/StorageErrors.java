// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.file.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;

/** Turns what a file system throws into what the store throws. */
public final class StorageErrors {
  private StorageErrors() {}

  /** {@code DISK_FULL} or {@code IO}, saying what was being done to which file. */
  public static VarveException of(IOException failure, String sentence, Path file) {
    boolean full = failure instanceof DiskFullException;
    return (full ? ErrorCode.DISK_FULL : ErrorCode.IO)
        .error(sentence)
        .fact("file", file)
        .hint(
            full
                ? "Make room; what was committed is safe, and writing resumes by itself."
                : "See the cause for what the operating system says.")
        .cause(failure)
        .build();
  }

  /** {@code CORRUPTION} of a file at an offset. */
  public static VarveException.Builder corrupt(String sentence, Path file, long offset) {
    return ErrorCode.CORRUPTION.error(sentence).fact("file", file).fact("offset", offset);
  }
}
