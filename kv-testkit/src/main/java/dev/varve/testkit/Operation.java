// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

/** A call to a file system that can fail. */
public enum Operation {
  CREATE_DIRECTORIES(true, true),
  LIST(false, false),
  SIZE(false, false),
  DELETE(true, false),
  RENAME(true, false),
  LINK(true, true),
  SYNC_DIRECTORY(true, false),
  CREATE(true, true),
  APPEND(true, true),
  SYNC_FILE(true, false),
  READ(false, false),
  MAP_READ_ONLY(false, false),
  MAP_WRITABLE(true, true),
  SYNC_MAPPING(true, false),
  LOCK(true, false);

  private final boolean mutates;
  private final boolean needsSpace;

  Operation(boolean mutates, boolean needsSpace) {
    this.mutates = mutates;
    this.needsSpace = needsSpace;
  }

  /** Whether it changes what a restart would find. */
  public boolean mutates() {
    return mutates;
  }

  /** Whether a full disk refuses it. */
  public boolean needsSpace() {
    return needsSpace;
  }
}
