// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.table.TableOptions;
import dev.varve.lsm.table.TableReader;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.TableFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where tables are written and how they are opened.
 *
 * @param files the file system
 * @param directory where tables stand
 * @param options how they are written
 * @param cache where their blocks are kept
 * @param limiter slows background writing
 */
public record TableMaker(
    FileSystem files, Path directory, TableOptions options, BlockCache cache, RateLimiter limiter) {

  /** The file of table {@code number}. */
  Path path(long number) {
    return directory.resolve(FileNames.table(number));
  }

  /** Opens a finished table. */
  public TableFile open(FileMeta meta) throws IOException {
    Path path = path(meta.number());
    MappedFile mapped = files.mapReadOnly(path);
    return new TableFile(
        meta,
        TableReader.open(mapped, path.toString(), meta.number(), meta.timestampBase(), cache));
  }
}
