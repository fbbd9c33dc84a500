// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.store.Operations;
import dev.varve.core.store.SortedOperations;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.SimulatedFileSystem;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A history being carried out on a store, beside the model of it. Counts commits: those that were begun,
 * those that were acknowledged, and those that a power cut may not take any more.
 */
final class Run {
  static final Path DIRECTORY = Path.of("/data/store");

  private final LsmOptions options;
  private final Model model;
  private FileSystem files;
  private BooleanSupplier isDown;
  private @Nullable LsmStore store;
  private int acknowledged;
  private int durable;
  private int copies;

  Run(SimulatedFileSystem files, LsmOptions options) {
    this.files = files;
    this.isDown = files::isDown;
    this.options = options;
    this.model = new Model();
  }

  /** Options that make everything small, so that a few commits reach every part of the engine. */
  static LsmOptions small() {
    return LsmOptions.defaults()
        .memoryLimitBytes(8 << 20)
        .memTableBytes(1 << 16)
        .logSegmentBytes(1 << 16)
        .cacheBytes(1 << 18)
        .fileBytes(1 << 14)
        .blockBytes(512)
        .level0Runs(2)
        .baseLevelBytes(1 << 15)
        .compactionThreads(1)
        .asyncIntervalMillis(1);
  }

  Model model() {
    return model;
  }

  LsmStore store() {
    if (store == null) {
      throw new IllegalStateException("not open");
    }
    return store;
  }

  boolean isOpen() {
    return store != null;
  }

  void open() {
    store = LsmStore.open(files, DIRECTORY, options);
  }

  void close() {
    LsmStore open = store;
    store = null;
    if (open != null) {
      open.close();
    }
  }

  void execute(List<Step> steps) {
    steps.forEach(this::execute);
  }

  void execute(Step step) {
    if (step instanceof Step.Commit commit) {
      Operations operations = new Operations(64);
      commit.changes().forEach(change -> change.addTo(operations));
      LsmStore open = store();
      commit(
          commit.changes(),
          commit.durability() == Durability.SYNC,
          () -> open.commit(operations, commit.durability(), null));
    } else if (step instanceof Step.CommitSorted commit) {
      LsmStore open = store();
      Sorted sorted = new Sorted(commit.changes().iterator());
      commit(commit.changes(), true, () -> open.commitSorted(sorted, null));
    } else if (step instanceof Step.Sync) {
      store().sync();
      durable = acknowledged;
    } else if (step instanceof Step.Flush) {
      store().flush();
      durable = acknowledged;
    } else if (step instanceof Step.Compact) {
      store().compact(Progress.NONE);
    } else if (step instanceof Step.Checkpoint) {
      Path copy = DIRECTORY.resolveSibling("copy-" + copies++);
      store().checkpoint(copy);
      try (LsmStore opened = LsmStore.open(files, copy, options)) {
        checkShowsLast(opened);
      }
    } else if (step instanceof Step.ReadBeside) {
      try (LsmStore opened = LsmStore.openReadOnly(files, DIRECTORY, options)) {
        checkShowsLast(opened);
      }
    } else {
      close();
      open();
    }
  }

  private void checkShowsLast(LsmStore shown) {
    NavigableMap<byte[], byte[]> found = StoreReading.state(shown);
    if (model.find(found, model.commits(), model.commits()) < 0) {
      throw new AssertionError("a state that never was:" + model.difference(found));
    }
  }

  private void commit(List<Change> changes, boolean forced, Runnable action) {
    model.commit(changes);
    try {
      action.run();
    } catch (VarveException e) {
      if (e.code() == ErrorCode.DISK_FULL) {
        model.undo();
      } else {
        model.doubt();
      }
      throw e;
    }
    if (isDown.getAsBoolean()) {
      return; // A dead process acknowledges nothing.
    }
    acknowledged = model.commits();
    if (forced) {
      durable = acknowledged;
    }
  }

  /** Opens what a power cut left, which must be a state between the durable and the begun commits. */
  void reopenAfterPowerCut(SimulatedFileSystem survivor) {
    reopen(survivor, durable);
    durable = acknowledged;
  }

  /** Opens what a killed process left: nothing acknowledged may be missing. */
  void reopenAfterKill(SimulatedFileSystem survivor) {
    reopen(survivor, acknowledged);
  }

  private void reopen(SimulatedFileSystem survivor, int low) {
    abandon();
    files = survivor;
    isDown = survivor::isDown;
    open();
    settle(low);
  }

  /** What the store shows must be a state between the {@code low}-th commit and the last. */
  private void settle(int low) {
    NavigableMap<byte[], byte[]> found = StoreReading.state(store());
    int commits = model.find(found, low, model.commits());
    if (commits < 0) {
      int lost = model.find(found, 0, model.commits());
      throw new AssertionError(
          (lost >= 0 ? "found the state after commit " + lost : "found a state that never was")
              + ", durable="
              + durable
              + " acknowledged="
              + acknowledged
              + " begun="
              + model.commits()
              + "; compared with the last state:"
              + model.difference(found));
    }
    model.settle(commits, found);
    acknowledged = commits;
    durable = Math.min(durable, commits);
  }

  /** The store must show the last state of the model, which is known from now on. */
  void check() {
    settle(model.commits());
  }

  /** The same, of a store that is in trouble: what it does not know of a commit stays open. */
  void checkInTrouble() {
    checkShowsLast(store());
  }

  /** Lets go of a store whose file system is dead; its threads must end all the same. */
  void abandon() {
    LsmStore open = store;
    store = null;
    if (open != null) {
      try {
        open.close();
      } catch (RuntimeException | Error dead) {
        return; // It cannot write any more; that it returns is what counts.
      }
    }
  }

  /** Lets go of the store after the world ended. */
  void abandonAfter(Runnable end) {
    end.run();
    abandon();
  }

  /** Feeds changes to {@code commitSorted}. */
  private static final class Sorted implements SortedOperations {
    private final Iterator<Change> changes;
    private @Nullable Change current;

    Sorted(Iterator<Change> changes) {
      this.changes = changes;
    }

    @Override
    public boolean next() {
      if (!changes.hasNext()) {
        return false;
      }
      current = changes.next();
      return true;
    }

    private Change current() {
      if (current == null) {
        throw new IllegalStateException("before the first");
      }
      return current;
    }

    @Override
    public byte kind() {
      return current().kind();
    }

    @Override
    public byte[] keyArray() {
      return current().key();
    }

    @Override
    public int keyOffset() {
      return 0;
    }

    @Override
    public int keyBytes() {
      return current().key().length;
    }

    @Override
    public byte[] valueArray() {
      return current().value();
    }

    @Override
    public int valueOffset() {
      return 0;
    }

    @Override
    public int valueBytes() {
      return current().value().length;
    }
  }
}
