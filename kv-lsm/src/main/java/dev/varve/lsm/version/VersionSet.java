// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.core.file.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The current version, the manifest that says it, and the tables that some version still contains.
 * Thread-safe.
 *
 * <p>Invariants. S1: the manifest names only tables that are whole and synced. S2: a table's file is
 * removed only when no live version contains it and a manifest without it is known to be durable. S3:
 * after a change whose durability is unknown, no file of either outcome is removed until a later
 * change is durable.
 *
 * <p>Locks: {@code changing} is held by one change from its plan to its installation, manifest I/O
 * included; {@code counting} for moments, inside {@code changing} or alone.
 */
public final class VersionSet {
  private final FileSystem files;
  private final Path directory;
  private final ReentrantLock changing = new ReentrantLock();
  private final ReentrantLock counting = new ReentrantLock();

  private ManifestState state;
  private Version current;
  private long nextFile;
  private long nextRun;
  private boolean uncertain;

  private final Set<TableFile> open = new HashSet<>();
  private final Deque<TableFile> unreferenced = new ArrayDeque<>();
  private final List<Long> doomed = new ArrayList<>();

  /** Begins with what the manifest says and those tables, open. */
  public VersionSet(
      FileSystem files,
      Path directory,
      ManifestState state,
      Collection<VersionEdit.Placed> tables) {
    this.files = files;
    this.directory = directory;
    this.state = state;
    this.nextFile = state.nextFile();
    this.nextRun = state.nextRun();
    this.current = version(tables);
    retain(current);
  }

  /** The version made of these tables. */
  public static Version version(Collection<VersionEdit.Placed> tables) {
    VersionEdit edit = new VersionEdit();
    for (VersionEdit.Placed each : tables) {
      edit.add(each.level(), each.run(), each.file());
    }
    return edit.applyTo(Version.EMPTY);
  }

  /** Goes over to what a manifest says that another process has written. */
  public void follow(
      ManifestState next, Collection<VersionEdit.Placed> tables, Consumer<Version> install) {
    changing.lock();
    try {
      Version after = version(tables);
      Version old;
      retain(after);
      counting.lock();
      try {
        old = current;
        current = after;
        state = next;
      } finally {
        counting.unlock();
      }
      install.accept(after);
      release(old);
    } finally {
      changing.unlock();
    }
  }

  /** The current version, retained for the caller, who releases it. */
  public Version acquire() {
    counting.lock();
    try {
      current.references++;
      return current;
    } finally {
      counting.unlock();
    }
  }

  /** The current version, for looking at its figures only: its tables may be closed at any time. */
  public Version peek() {
    counting.lock();
    try {
      return current;
    } finally {
      counting.unlock();
    }
  }

  /** What the manifest says now. */
  public ManifestState state() {
    counting.lock();
    try {
      return state;
    } finally {
      counting.unlock();
    }
  }

  /** What a manifest of a version of this store would say. */
  public ManifestState describe(Version version) {
    counting.lock();
    try {
      return new VersionEdit().applyTo(state, version, nextFile, nextRun);
    } finally {
      counting.unlock();
    }
  }

  /** Counts one more user of a version that has one. */
  public void retain(Version version) {
    counting.lock();
    try {
      if (version.references++ == 0) {
        version.forEachFile(
            file -> {
              file.references++;
              open.add(file);
            });
      }
    } finally {
      counting.unlock();
    }
  }

  /** Ends a use. What is not needed any more is removed by {@link #removeUnreferenced}. */
  public void release(Version version) {
    counting.lock();
    try {
      assert version.references > 0;
      if (--version.references == 0) {
        version.forEachFile(
            file -> {
              if (--file.references == 0) {
                unreferenced.add(file);
              }
            });
      }
    } finally {
      counting.unlock();
    }
  }

  /** A number for a new table. */
  public long newFileNumber() {
    counting.lock();
    try {
      return nextFile++;
    } finally {
      counting.unlock();
    }
  }

  /** A number for a new run of level 0. */
  public long newRunNumber() {
    counting.lock();
    try {
      return nextRun++;
    } finally {
      counting.unlock();
    }
  }

  /**
   * Makes a change durable, then current.
   *
   * @param install told the new version, to show it to readers; must not fail
   */
  public void apply(VersionEdit edit, Consumer<Version> install) throws IOException {
    changing.lock();
    try {
      ManifestState before = state();
      Version after = edit.applyTo(peek());
      long file;
      long run;
      counting.lock();
      try {
        file = nextFile;
        run = nextRun;
      } finally {
        counting.unlock();
      }
      ManifestState next = edit.applyTo(before, after, file, run);
      write(next, before);
      Version old;
      retain(after);
      counting.lock();
      try {
        old = current;
        current = after;
        state = next;
      } finally {
        counting.unlock();
      }
      install.accept(after);
      release(old);
    } finally {
      changing.unlock();
    }
  }

  /** Removes files that were written for a change that did not come about. */
  public void discard(Collection<Long> fileNumbers) {
    counting.lock();
    try {
      doomed.addAll(fileNumbers);
    } finally {
      counting.unlock();
    }
  }

  /** Closes and removes tables that no version contains. Engine threads only. */
  public void removeUnreferenced() throws IOException {
    List<TableFile> closing = new ArrayList<>();
    List<Long> removing = new ArrayList<>();
    counting.lock();
    try {
      closing.addAll(unreferenced);
      for (TableFile file : unreferenced) {
        doomed.add(file.meta().number());
      }
      unreferenced.clear();
      if (!uncertain) {
        removing.addAll(doomed);
        doomed.clear();
      }
    } finally {
      counting.unlock();
    }
    close(closing);
    removeFiles(removing);
  }

  /** Closes tables that no version contains; their files belong to another process. */
  public void closeUnreferenced() {
    List<TableFile> closing = new ArrayList<>();
    counting.lock();
    try {
      closing.addAll(unreferenced);
      unreferenced.clear();
    } finally {
      counting.unlock();
    }
    close(closing);
  }

  /** Closes every table, whoever still has it; nobody may read any more. */
  public void close() {
    List<TableFile> closing;
    counting.lock();
    try {
      closing = new ArrayList<>(open);
      unreferenced.clear();
    } finally {
      counting.unlock();
    }
    close(closing);
  }

  private void close(List<TableFile> tables) {
    for (TableFile file : tables) {
      file.close();
    }
    counting.lock();
    try {
      tables.forEach(open::remove);
    } finally {
      counting.unlock();
    }
  }

  private void write(ManifestState next, ManifestState before) throws IOException {
    try {
      Manifest.write(files, directory, next);
      setUncertain(false);
    } catch (UncertainManifestException failure) {
      setUncertain(true);
      try {
        Manifest.write(files, directory, before);
        setUncertain(false);
      } catch (IOException again) {
        failure.addSuppressed(again);
        throw failure;
      }
      throw new IOException("the manifest could not be replaced and is as before", failure);
    }
  }

  private void setUncertain(boolean now) {
    counting.lock();
    try {
      uncertain = now;
    } finally {
      counting.unlock();
    }
  }

  private void removeFiles(List<Long> numbers) throws IOException {
    IOException first = null;
    List<Long> failed = new ArrayList<>();
    for (long number : numbers) {
      try {
        files.delete(directory.resolve(FileNames.table(number)));
      } catch (IOException failure) {
        failed.add(number);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      discard(failed);
      throw first;
    }
  }
}
