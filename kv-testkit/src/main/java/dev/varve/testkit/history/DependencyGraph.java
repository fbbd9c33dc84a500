// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A graph over numbered nodes with labelled edges, in which circles are looked for. One thread. */
final class DependencyGraph {
  private final List<List<Edge>> edges = new ArrayList<>();

  /** From {@code from} to {@code to}. */
  record Edge(int from, int to, Dependency why) {}

  DependencyGraph(int nodes) {
    for (int i = 0; i < nodes; i++) {
      edges.add(new ArrayList<>(4));
    }
  }

  void add(int from, int to, Dependency why) {
    if (from != to) {
      edges.get(from).add(new Edge(from, to, why));
    }
  }

  /** A short circle of edges that pass {@code filter}, or null. */
  @Nullable List<Edge> circle(Predicate<Edge> filter) {
    int[] component = components(filter);
    for (List<Edge> out : edges) {
      for (Edge edge : out) {
        if (filter.test(edge) && component[edge.from] == component[edge.to]) {
          return shortest(edge, filter, component);
        }
      }
    }
    return null;
  }

  /**
   * A circle in which no two anti-dependencies follow each other, or null: of the graph in which each node
   * stands twice, once reached by an anti-dependency and once not, and the first has no anti-dependency going out.
   */
  @Nullable List<Edge> circleWithoutAdjacentAnti() {
    DependencyGraph doubled = new DependencyGraph(2 * edges.size());
    for (List<Edge> out : edges) {
      for (Edge edge : out) {
        if (edge.why.isAnti()) {
          doubled.add(2 * edge.from, 2 * edge.to + 1, edge.why);
        } else {
          doubled.add(2 * edge.from, 2 * edge.to, edge.why);
          doubled.add(2 * edge.from + 1, 2 * edge.to, edge.why);
        }
      }
    }
    List<Edge> circle = doubled.circle(any -> true);
    return circle == null
        ? null
        : circle.stream().map(edge -> new Edge(edge.from / 2, edge.to / 2, edge.why)).toList();
  }

  /** The shortest way back from the end of {@code first} to its beginning, inside the component. */
  private List<Edge> shortest(Edge first, Predicate<Edge> filter, int[] component) {
    @Nullable Edge[] reachedBy = new Edge[edges.size()];
    Deque<Integer> open = new ArrayDeque<>();
    open.add(first.to);
    while (!open.isEmpty()) {
      for (Edge edge : edges.get(open.remove())) {
        if (filter.test(edge)
            && component[edge.to] == component[first.from]
            && reachedBy[edge.to] == null) {
          reachedBy[edge.to] = edge;
          open.add(edge.to);
        }
      }
    }
    List<Edge> circle = new ArrayList<>();
    for (int at = first.from; at != first.to; at = reachedBy[at].from) {
      circle.add(0, reachedBy[at]);
    }
    circle.add(0, first);
    return circle;
  }

  /** Numbers the strongly connected components (Tarjan, 1972, without recursion). */
  private int[] components(Predicate<Edge> filter) {
    int nodes = edges.size();
    int[] index = new int[nodes];
    int[] low = new int[nodes];
    int[] component = new int[nodes];
    int[] nextEdge = new int[nodes];
    Arrays.fill(index, -1);
    Arrays.fill(component, -1);
    Deque<Integer> stack = new ArrayDeque<>();
    Deque<Integer> path = new ArrayDeque<>();
    int counter = 0;
    int components = 0;
    for (int root = 0; root < nodes; root++) {
      if (index[root] >= 0) {
        continue;
      }
      path.push(root);
      while (!path.isEmpty()) {
        int node = path.peek();
        if (index[node] < 0) {
          index[node] = counter;
          low[node] = counter++;
          stack.push(node);
        }
        boolean descended = false;
        List<Edge> out = edges.get(node);
        while (nextEdge[node] < out.size() && !descended) {
          Edge edge = out.get(nextEdge[node]);
          if (filter.test(edge) && index[edge.to] < 0) {
            path.push(edge.to);
            descended = true;
          } else {
            if (filter.test(edge) && component[edge.to] < 0) {
              low[node] = Math.min(low[node], low[edge.to]);
            }
            nextEdge[node]++;
          }
        }
        if (!descended) {
          path.pop();
          if (low[node] == index[node]) {
            int member;
            do {
              member = stack.pop();
              component[member] = components;
            } while (member != node);
            components++;
          }
        }
      }
    }
    return component;
  }
}
