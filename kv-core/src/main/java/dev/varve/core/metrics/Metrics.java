// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The figures of one database by name. Names are dotted, the unit last: {@code wal.syncs}, {@code
 * cache.usedBytes}.
 */
public final class Metrics {
  private final Map<String, LongSupplier> byName = new ConcurrentHashMap<>();

  /** Without any figure. */
  public Metrics() {}

  /** A new counter under {@code name}. */
  public Counter counter(String name) {
    Counter counter = new Counter();
    gauge(name, counter::value);
    return counter;
  }

  /** Shows what {@code value} returns under {@code name}; it must be quick and not throw. */
  public void gauge(String name, LongSupplier value) {
    if (byName.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("metric is there already: " + name);
    }
  }

  /** All figures, ascending by name. */
  public Map<String, Long> read() {
    Map<String, Long> figures = new TreeMap<>();
    byName.forEach((name, value) -> figures.put(name, value.getAsLong()));
    return figures;
  }
}
