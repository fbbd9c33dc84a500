// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.lsm.version.StorageErrors;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Closes everything, keeps the first failure, and suppresses the rest. */
final class Closing {
  private @Nullable Throwable first;

  /** Closes a part. */
  void run(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception | Error failure) {
      if (first == null) {
        first = failure;
      } else {
        first.addSuppressed(failure);
      }
    }
  }

  /** Throws the first failure, if there was one. */
  void finish() {
    if (first == null) {
      return;
    }
    if (first instanceof VarveException known) {
      throw known;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof IOException io) {
      throw StorageErrors.of(io, "Closing the store failed.", Path.of("."));
    }
    throw ErrorCode.INTERNAL.error("Closing the store failed.").cause(first).build();
  }
}
