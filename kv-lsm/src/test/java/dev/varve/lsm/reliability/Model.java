// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The oracle: after each commit of one thread the states in which the store may be. That is one, unless a
 * commit failed in a way that leaves open whether it happened.
 */
final class Model {
  private final List<List<NavigableMap<byte[], byte[]>>> states = new ArrayList<>();

  Model() {
    states.add(List.of(empty()));
  }

  static NavigableMap<byte[], byte[]> empty() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /** The number of commits. */
  int commits() {
    return states.size() - 1;
  }

  /** A state that the store may be in. */
  NavigableMap<byte[], byte[]> last() {
    return states.get(commits()).get(0);
  }

  /** In how many states it may be. */
  int alternatives() {
    return states.get(commits()).size();
  }

  void commit(List<Change> changes) {
    List<NavigableMap<byte[], byte[]>> next = new ArrayList<>();
    for (NavigableMap<byte[], byte[]> each : states.get(commits())) {
      NavigableMap<byte[], byte[]> changed = empty();
      changed.putAll(each);
      changes.forEach(change -> change.applyTo(changed));
      next.add(changed);
    }
    states.add(next);
  }

  /** The last commit did not happen. */
  void undo() {
    states.remove(commits());
  }

  /** The last commit failed, and may have happened. */
  void doubt() {
    states.get(commits()).addAll(states.get(commits() - 1));
  }

  /** After which commit the store stood as {@code found}, from {@code low} to {@code high}; or -1. */
  int find(NavigableMap<byte[], byte[]> found, int low, int high) {
    for (int i = high; i >= low; i--) {
      if (states.get(i).stream().anyMatch(state -> same(state, found))) {
        return i;
      }
    }
    return -1;
  }

  /** Forgets what came after the first {@code commits} commits, and knows the state now. */
  void settle(int commits, NavigableMap<byte[], byte[]> found) {
    while (commits() > commits) {
      undo();
    }
    states.set(commits, List.of(found));
  }

  private static boolean same(
      NavigableMap<byte[], byte[]> left, NavigableMap<byte[], byte[]> right) {
    if (left.size() != right.size()) {
      return false;
    }
    var others = right.entrySet().iterator();
    for (var entry : left.entrySet()) {
      var other = others.next();
      if (!Arrays.equals(entry.getKey(), other.getKey())
          || !Arrays.equals(entry.getValue(), other.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** What is different from a state that it may be in, for a failed test. */
  String difference(NavigableMap<byte[], byte[]> found) {
    NavigableMap<byte[], byte[]> expected = last();
    Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    keys.addAll(expected.keySet());
    keys.addAll(found.keySet());
    StringBuilder text = new StringBuilder();
    for (byte[] key : keys) {
      byte[] wanted = expected.get(key);
      byte[] is = found.get(key);
      if (!Arrays.equals(wanted, is)) {
        text.append("\n  ").append(HexFormat.of().formatHex(key));
        text.append(": expected ").append(show(wanted)).append(", found ").append(show(is));
      }
    }
    return text.toString();
  }

  private static String show(byte[] value) {
    return value == null ? "nothing" : value.length + " bytes #" + Arrays.hashCode(value);
  }
}
