// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/**
 * Is told how far long work has come. Called on the thread that does the work, at most a few times a
 * second; what it throws ends the work.
 */
@FunctionalInterface
public interface Progress {
  /** A listener that does nothing. */
  Progress NONE = (done, total) -> {};

  /**
   * Reports progress.
   *
   * @param bytesDone bytes handled so far, never decreasing
   * @param bytesTotal bytes expected in all; may be corrected while the work goes on
   */
  void at(long bytesDone, long bytesTotal);
}
