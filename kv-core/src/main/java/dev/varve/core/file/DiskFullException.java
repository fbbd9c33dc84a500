// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;

/** There is no room left on the device. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which file could not grow. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
