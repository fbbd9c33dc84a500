// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import dev.varve.core.memory.Region;
import java.io.IOException;

/** A mapped file. Its bytes are those of {@link #buffer()}. Closing does not sync. */
public interface MappedFile extends Region {
  /**
   * Makes the bytes stored so far durable. Only on threads the engine owns; stores by other threads
   * may go on meanwhile and are then durable or not.
   */
  void sync() throws IOException;
}
