// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.core.file.FileLockedException;
import dev.varve.core.file.FileSystem;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.Manifest;
import dev.varve.lsm.version.ManifestState;
import dev.varve.lsm.version.StorageErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Recognizes, creates, locks and tidies the directory of a store. */
final class StoreDirectory {
  private final FileSystem files;
  private final Path path;

  StoreDirectory(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /** Locks the directory for writing, creating it if so said. */
  AutoCloseable lock(boolean create) throws IOException {
    if (!files.exists(path)) {
      if (!create) {
        throw notFound();
      }
      create();
    }
    requireOursOrEmpty(create);
    Path file = path.resolve(FileNames.LOCK);
    try {
      return files.lock(file, holder());
    } catch (FileLockedException e) {
      throw ErrorCode.DATABASE_LOCKED
          .error("The database is open for writing elsewhere.")
          .fact("directory", path)
          .fact("holder", e.owner())
          .hint("Close it there, or open it read-only.")
          .cause(e)
          .build();
    }
  }

  /** Creates the directory and its parents, durably. */
  void create() throws IOException {
    Path existing = path.toAbsolutePath();
    while (existing.getParent() != null && !files.exists(existing)) {
      existing = existing.getParent();
    }
    files.createDirectories(path);
    for (Path each = path.toAbsolutePath(); !each.equals(existing); each = each.getParent()) {
      files.syncDirectory(each.getParent());
    }
  }

  /** What the manifest says; that of a new store if there is none yet. */
  ManifestState load() throws IOException {
    if (!files.exists(path.resolve(FileNames.IDENTITY))) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        files.syncDirectory(parent); // Whoever created this directory may have died before that.
      }
      UUID id = UUID.randomUUID();
      Manifest.writeIdentity(files, path, id);
      Manifest.write(files, path, ManifestState.initial(id));
      return ManifestState.initial(id);
    }
    UUID id = Manifest.readIdentity(files, path);
    if (!files.exists(path.resolve(FileNames.MANIFEST))) {
      for (String name : files.list(path)) {
        if (FileNames.tableNumber(name) >= 0) {
          throw StorageErrors.corrupt(
                  "The manifest is missing.", path.resolve(FileNames.MANIFEST), 0)
              .fact("tableFound", name)
              .hint("Restore a backup, or salvage what the tables and log hold.")
              .build();
        }
      }
      Manifest.write(files, path, ManifestState.initial(id));
      return ManifestState.initial(id);
    }
    return read(id);
  }

  /** What the manifest says, for a store that must be there. */
  ManifestState read() throws IOException {
    if (!files.exists(path)) {
      throw notFound();
    }
    requireOursOrEmpty(false);
    return read(Manifest.readIdentity(files, path));
  }

  private ManifestState read(UUID id) throws IOException {
    ManifestState state = Manifest.read(files, path);
    if (!state.databaseId().equals(id)) {
      throw StorageErrors.corrupt(
              "The manifest belongs to another database.", path.resolve(FileNames.MANIFEST), 16)
          .fact("databaseId", id)
          .fact("found", state.databaseId())
          .build();
    }
    return state;
  }

  /** Removes tables that the manifest does not name, and files that were never finished. */
  void tidy(ManifestState state) throws IOException {
    Set<Long> known = new HashSet<>();
    for (ManifestState.PlacedMeta each : state.files()) {
      known.add(each.meta().number());
    }
    for (String name : files.list(path)) {
      long number = FileNames.tableNumber(name);
      if (number >= 0 && !known.contains(number) || name.endsWith(FileNames.TEMPORARY)) {
        files.delete(path.resolve(name));
      }
    }
  }

  private void requireOursOrEmpty(boolean create) throws IOException {
    if (files.exists(path.resolve(FileNames.IDENTITY))) {
      return;
    }
    List<String> names;
    try {
      names = files.list(path);
    } catch (NotDirectoryException e) {
      throw ErrorCode.NOT_A_DATABASE
          .error("The path is not a directory.")
          .fact("path", path)
          .cause(e)
          .build();
    }
    for (String name : names) {
      if (!name.equals(FileNames.LOCK) && !name.endsWith(FileNames.TEMPORARY)) {
        throw ErrorCode.NOT_A_DATABASE
            .error("The directory holds something else than a Varve database.")
            .fact("directory", path)
            .fact("found", name)
            .build();
      }
    }
    if (!create) {
      throw notFound();
    }
  }

  private RuntimeException notFound() {
    return ErrorCode.DATABASE_NOT_FOUND
        .error("There is no database at this path.")
        .fact("directory", path)
        .hint("Check the path, or open with createIfMissing.")
        .build();
  }

  private String holder() {
    Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
    return "pid=" + ProcessHandle.current().pid() + " host=" + host() + " started=" + started;
  }

  /** Without a look-up by name, which may take seconds. */
  private String host() {
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    ByteBuffer name = ByteBuffer.allocate(256);
    try {
      files.read(Path.of("/proc/sys/kernel/hostname"), 0, name);
    } catch (IOException absent) {
      return "unknown";
    }
    return new String(name.array(), 0, name.position(), StandardCharsets.US_ASCII).trim();
  }
}
