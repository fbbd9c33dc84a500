// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.lsm.table.TableReader;
import org.jspecify.annotations.Nullable;

/**
 * A table of the store, open. Shared by all versions that contain it; the version set counts them,
 * and closes and removes the file when none is left.
 */
public final class TableFile {
  private final FileMeta meta;
  private final @Nullable TableReader reader;

  /** Guarded by the version set's lock. */
  int references;

  /** A table and its reader, which this takes over. Plans can be made without a reader. */
  public TableFile(FileMeta meta, @Nullable TableReader reader) {
    this.meta = meta;
    this.reader = reader;
  }

  /** Facts about it. */
  public FileMeta meta() {
    return meta;
  }

  /** What reads it. */
  public TableReader reader() {
    assert reader != null : meta.number();
    return reader;
  }

  /** Closes the reader; for tables that never became part of a version, and for the version set. */
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }

  @Override
  public String toString() {
    return FileNames.table(meta.number());
  }
}
