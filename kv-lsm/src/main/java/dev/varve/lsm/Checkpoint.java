// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.core.file.FileSystem;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.Manifest;
import dev.varve.lsm.version.ManifestState;
import dev.varve.lsm.version.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An openable copy: the tables by hard links, a manifest that names them, and no log, for what is in
 * memory is flushed before. It holds everything committed before the call, and nothing of a commit
 * without all commits before it.
 */
final class Checkpoint {
  private static final int MAX_FLUSHES = 100;

  private final Engine engine;
  private final FileSystem files;
  private final Path source;
  private final Path target;

  Checkpoint(Engine engine, Path target) {
    this.engine = engine;
    this.files = engine.maker().files();
    this.source = engine.maker().directory();
    this.target = target;
  }

  /** Makes it; returns the timestamp of the newest commit in it. */
  long create() throws IOException {
    requireAbsentOrEmpty();
    Views.Lease lease = flushed();
    List<Path> made = new ArrayList<>();
    boolean done = false;
    try {
      new StoreDirectory(files, target).create();
      ManifestState state = copy(lease.view().version(), made);
      done = true;
      return state.lastTimestamp();
    } finally {
      engine.views().endLease(lease.view(), lease.token());
      if (!done) {
        remove(made);
      }
    }
  }

  private ManifestState copy(Version version, List<Path> made) throws IOException {
    ManifestState state = engine.versions().describe(version);
    for (ManifestState.PlacedMeta each : state.files()) {
      String name = FileNames.table(each.meta().number());
      made.add(target.resolve(name));
      files.link(source.resolve(name), target.resolve(name));
    }
    made.add(target.resolve(FileNames.MANIFEST));
    Manifest.write(files, target, state.withoutLog());
    made.add(target.resolve(FileNames.IDENTITY));
    Manifest.writeIdentity(files, target, state.databaseId());
    return state;
  }

  /** A view in which no table is newer than anything that is in memory only. */
  private Views.Lease flushed() {
    for (int i = 0; i < MAX_FLUSHES; i++) {
      engine.flush();
      Views.Lease lease = engine.views().lease();
      if (lease.view().runsBefore(lease.view().memTables().length - 1) == 0) {
        return lease;
      }
      engine.views().endLease(lease.view(), lease.token());
    }
    throw ErrorCode.OBJECT_IN_USE
        .error("No moment was found at which the tables are a whole state of the store.")
        .hint("Try again when fewer bulk loads are going on.")
        .build();
  }

  private void requireAbsentOrEmpty() throws IOException {
    if (files.exists(target) && !files.list(target).isEmpty()) {
      throw ErrorCode.ALREADY_EXISTS
          .error("The target of a checkpoint must not exist, or be an empty directory.")
          .fact("target", target)
          .build();
    }
  }

  private void remove(List<Path> made) throws IOException {
    for (Path each : made) {
      files.delete(each);
    }
  }
}
