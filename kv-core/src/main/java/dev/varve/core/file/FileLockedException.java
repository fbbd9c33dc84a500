// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;

/** Another process or object holds the lock. */
public final class FileLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String owner;

  /** Says what the holder wrote about itself. */
  public FileLockedException(String file, String owner) {
    super("file=" + file + " owner=" + owner);
    this.owner = owner;
  }

  /** What the holder wrote about itself. */
  public String owner() {
    return owner;
  }
}
