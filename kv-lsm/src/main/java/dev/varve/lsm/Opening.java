// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far; closed again, in reverse, unless opening comes to its end. */
final class Opening implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Remembers a part. */
  <T extends AutoCloseable> T add(T part) {
    opened.push(part);
    return part;
  }

  /** All parts are open and have an owner. */
  void done() {
    opened.clear();
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    while (!opened.isEmpty()) {
      closing.run(opened.pop());
    }
    closing.finish();
  }
}
