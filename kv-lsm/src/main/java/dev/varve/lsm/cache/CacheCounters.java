// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.metrics.Counter;

/**
 * What the cache counts. Hits are not among them: counting would cost a good part of a hit, and
 * threads would contend for the counter.
 */
final class CacheCounters {
  final Counter misses = new Counter();
  final Counter evictions = new Counter();

  /** Blocks for which no room was found. */
  final Counter rejections = new Counter();
}
