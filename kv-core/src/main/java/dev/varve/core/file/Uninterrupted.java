// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs channel I/O so that an interrupt of the calling thread is neither lost nor harmful: Java closes
 * the channel under an interrupted thread, so the I/O is done again on a fresh one, and the thread finds
 * its interrupt afterwards.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs {@code io}, which opens its channel itself and may be run again from its start. */
  static <T> T call(Io<T> io) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return io.call();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What to run. */
  @FunctionalInterface
  interface Io<T> {
    T call() throws IOException;
  }
}
