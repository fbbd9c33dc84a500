// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A directory as two truths: the names that programs see, and those on the disk; between them the changes
 * since the last sync in their order. Guarded by the file system's lock.
 */
final class SimulatedDirectory implements SimulatedNode {
  private final Map<String, SimulatedNode> names = new TreeMap<>();
  private final Map<String, SimulatedNode> durableNames = new TreeMap<>();
  private final List<Change> unsynced = new ArrayList<>();

  List<String> list() {
    return List.copyOf(names.keySet());
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  @Nullable SimulatedNode get(String name) {
    return names.get(name);
  }

  void add(String name, SimulatedNode node) {
    apply(new Change(null, name, node));
  }

  void remove(String name) {
    apply(new Change(name, null, null));
  }

  /** One change of the disk, for a rename inside a directory is atomic. */
  void rename(String from, String to) {
    apply(new Change(from, to, names.get(from)));
  }

  private void apply(Change change) {
    change.applyTo(names);
    unsynced.add(change);
  }

  void sync() {
    durableNames.clear();
    durableNames.putAll(names);
    unsynced.clear();
  }

  /** Every node that has, had or may yet have a name here. */
  void forEach(Consumer<SimulatedNode> action) {
    names.values().forEach(action);
    durableNames.values().forEach(action);
    for (Change change : unsynced) {
      if (change.node != null) {
        action.accept(change.node);
      }
    }
  }

  /** The directory after the process died; {@code copy} gives each node its successor. */
  void copyTo(SimulatedDirectory target, Function<SimulatedNode, SimulatedNode> copy) {
    names.forEach((name, node) -> target.names.put(name, copy.apply(node)));
    durableNames.forEach((name, node) -> target.durableNames.put(name, copy.apply(node)));
    for (Change each : unsynced) {
      SimulatedNode node = each.node == null ? null : copy.apply(each.node);
      target.unsynced.add(new Change(each.removed, each.added, node));
    }
  }

  /** The directory after the power went: unsynced changes kept up to one, or each by chance. */
  void surviveTo(
      SimulatedDirectory target,
      RandomGenerator random,
      Function<SimulatedNode, SimulatedNode> survivor) {
    Map<String, SimulatedNode> kept = new TreeMap<>(durableNames);
    boolean inOrder = random.nextBoolean();
    int count = random.nextInt(unsynced.size() + 1);
    for (int i = 0; i < unsynced.size(); i++) {
      if (inOrder ? i < count : random.nextBoolean()) {
        unsynced.get(i).applyTo(kept);
      }
    }
    kept.forEach((name, node) -> target.names.put(name, survivor.apply(node)));
    target.durableNames.putAll(target.names);
  }

  /** A name that went, a name that came, or both at once. */
  private record Change(
      @Nullable String removed, @Nullable String added, @Nullable SimulatedNode node) {
    void applyTo(Map<String, SimulatedNode> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (added != null && node != null) {
        names.put(added, node);
      }
    }
  }
}
