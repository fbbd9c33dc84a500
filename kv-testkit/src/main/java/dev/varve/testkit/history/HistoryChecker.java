// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

import dev.varve.IsolationLevel;
import dev.varve.testkit.history.DependencyGraph.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges a {@link History} by its dependency graph (Adya, "Weak Consistency", 1999; the idea to recover the graph from
 * unique values: Alvaro and Kingsbury, "Elle", 2020).
 *
 * <p>The versions of a key are what committed transactions left of it, in the order of their commit
 * timestamps. That the store's state follows this order is not taken on trust: every read of an element is an
 * edge of the graph, and a read that does not fit the order closes a circle. What the levels rule out:
 *
 * <table>
 *   <caption>By level</caption>
 *   <tr><th>level</th><th>ruled out</th></tr>
 *   <tr><td>READ_UNCOMMITTED</td><td>circles of WW (G0)</td></tr>
 *   <tr><td>READ_COMMITTED</td><td>reads of what was taken back (G1a) or written over (G1b); circles of WW and WR (G1c)</td></tr>
 *   <tr><td>REPEATABLE_READ</td><td>also circles without two adjacent RW (lost update, G-single, long fork); reads that are not
 *       the newest version at the snapshot</td></tr>
 *   <tr><td>SERIALIZABLE</td><td>every circle (G2)</td></tr>
 * </table>
 */
public final class HistoryChecker {
  private final List<History.Transaction> committed = new ArrayList<>();
  private final Map<Integer, List<Version>> versions = new TreeMap<>();
  private final Map<Long, Version> byElement = new HashMap<>();
  private final Set<Long> takenBack = new HashSet<>();
  private final Set<Long> writtenOver = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final DependencyGraph graph;

  /** What a transaction left of a key; {@code place} counts the versions of the key from 1. */
  private record Version(int key, int place, int writer, long timestamp, long element) {}

  /** Over a history that is complete. */
  public HistoryChecker(History history) {
    for (History.Transaction transaction : history.transactions()) {
      if (transaction.isCommitted()) {
        committed.add(transaction);
        writtenOver.addAll(transaction.otherWrites());
      } else {
        takenBack.addAll(transaction.finalWrites().values());
        takenBack.addAll(transaction.otherWrites());
      }
    }
    takenBack.remove(History.ABSENT);
    writtenOver.remove(History.ABSENT);
    committed.sort(Comparator.comparingLong(History.Transaction::commitTimestamp));
    graph = new DependencyGraph(committed.size());
    for (int i = 0; i < committed.size(); i++) {
      int writer = i;
      committed.get(i).finalWrites().forEach((key, element) -> addVersion(key, writer, element));
    }
    versions.values().forEach(this::orderWrites);
  }

  /** Removing what is not there changes nothing, and makes no version. */
  private void addVersion(int key, int writer, long element) {
    List<Version> list = versions.computeIfAbsent(key, absent -> new ArrayList<>());
    boolean isThere = !list.isEmpty() && list.get(list.size() - 1).element != History.ABSENT;
    if (element == History.ABSENT && !isThere) {
      return;
    }
    long timestamp = committed.get(writer).commitTimestamp();
    Version version = new Version(key, list.size() + 1, writer, timestamp, element);
    list.add(version);
    if (element != History.ABSENT && byElement.put(element, version) != null) {
      throw new IllegalArgumentException("element " + element + " was written twice");
    }
  }

  private void orderWrites(List<Version> list) {
    for (int i = 1; i < list.size(); i++) {
      graph.add(list.get(i - 1).writer, list.get(i).writer, Dependency.WRITE_WRITE);
    }
  }

  /** What the level rules out and the history shows; empty when all is well. */
  public List<String> check(IsolationLevel level) {
    boolean readsCommitted = level.compareTo(IsolationLevel.READ_COMMITTED) >= 0;
    boolean readsSnapshot = level.compareTo(IsolationLevel.REPEATABLE_READ) >= 0;
    for (int i = 0; i < committed.size(); i++) {
      for (History.Read read : committed.get(i).reads()) {
        checkRead(i, read, readsCommitted, readsSnapshot);
      }
    }
    report(graph.circle(edge -> edge.why() == Dependency.WRITE_WRITE));
    if (readsCommitted) {
      report(graph.circle(edge -> !edge.why().isAnti()));
    }
    if (readsSnapshot) {
      report(graph.circleWithoutAdjacentAnti());
    }
    if (level == IsolationLevel.SERIALIZABLE) {
      report(graph.circle(any -> true));
    }
    return problems;
  }

  private void checkRead(
      int reader, History.Read read, boolean readsCommitted, boolean readsSnapshot) {
    History.Transaction transaction = committed.get(reader);
    if (readsCommitted && takenBack.contains(read.element())) {
      problems.add("G1a: " + transaction + " read what was taken back: " + read);
    }
    if (readsCommitted && writtenOver.contains(read.element())) {
      problems.add("G1b: " + transaction + " read what its writer wrote over: " + read);
    }
    List<Version> list = versions.getOrDefault(read.key(), List.of());
    Version seen = byElement.get(read.element());
    if (read.element() != History.ABSENT && seen == null) {
      if (!takenBack.contains(read.element()) && !writtenOver.contains(read.element())) {
        problems.add("garbage: " + transaction + " read what nobody wrote: " + read);
      }
      return;
    }
    if (seen != null && seen.key != read.key()) {
      problems.add("garbage: " + transaction + " read an element of another key: " + read);
      return;
    }
    int place = seen == null ? placeAt(list, transaction.snapshot()) : seen.place;
    if (readsSnapshot && transaction.snapshot() >= 0) {
      checkSnapshot(transaction, read, list);
    }
    if (place < 0 || place > 0 && list.get(place - 1).element != read.element()) {
      return;
    }
    if (place > 0) {
      graph.add(list.get(place - 1).writer, reader, Dependency.WRITE_READ);
    }
    if (place < list.size()) {
      graph.add(
          reader,
          list.get(place).writer,
          read.byPredicate() ? Dependency.PREDICATE_READ_WRITE : Dependency.READ_WRITE);
    }
  }

  private void checkSnapshot(
      History.Transaction transaction, History.Read read, List<Version> list) {
    int place = placeAt(list, transaction.snapshot());
    long expected = place == 0 ? History.ABSENT : list.get(place - 1).element;
    if (expected != read.element()) {
      problems.add(
          "snapshot: " + transaction + " read " + read + ", its snapshot holds " + expected);
    }
  }

  /** How many versions there are at a timestamp; -1 when it is not known. */
  private static int placeAt(List<Version> list, long timestamp) {
    if (timestamp < 0) {
      return list.isEmpty() ? 0 : -1;
    }
    int low = 0;
    int high = list.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (list.get(middle).timestamp <= timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Compares what stands in the store at the end, by key. */
  public List<String> checkEnd(Map<Integer, Long> end) {
    List<String> differences = new ArrayList<>();
    versions.forEach(
        (key, list) -> {
          long expected = list.isEmpty() ? History.ABSENT : list.get(list.size() - 1).element;
          long found = end.getOrDefault(key, History.ABSENT);
          if (expected != found) {
            differences.add("end: key " + key + " holds " + found + ", not " + expected);
          }
        });
    end.forEach(
        (key, element) -> {
          if (!versions.containsKey(key)) {
            differences.add("end: key " + key + " holds " + element + ", which nobody wrote");
          }
        });
    return differences;
  }

  private void report(@Nullable List<Edge> circle) {
    if (circle == null) {
      return;
    }
    StringBuilder text = new StringBuilder(classify(circle)).append(": ");
    for (Edge edge : circle) {
      text.append(committed.get(edge.from())).append(" -").append(edge.why()).append("-> ");
    }
    problems.add(text.append(committed.get(circle.get(0).from())).toString());
  }

  private static String classify(List<Edge> circle) {
    long anti = circle.stream().filter(edge -> edge.why().isAnti()).count();
    boolean reads = circle.stream().anyMatch(edge -> edge.why() == Dependency.WRITE_READ);
    boolean predicate =
        circle.stream().anyMatch(edge -> edge.why() == Dependency.PREDICATE_READ_WRITE);
    if (anti == 0) {
      return reads ? "G1c" : "G0";
    }
    if (anti == 1) {
      return reads ? "G-single" : "lost update";
    }
    return predicate ? "G2" : "G2-item";
  }
}
