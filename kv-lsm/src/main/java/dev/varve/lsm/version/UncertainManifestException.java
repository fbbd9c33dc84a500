// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import java.io.IOException;

/** The manifest was replaced, but whether that survives a power cut is not known. */
public final class UncertainManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Keeps what the sync of the directory threw. */
  public UncertainManifestException(IOException cause) {
    super("the directory could not be synced after the manifest was replaced", cause);
  }
}
