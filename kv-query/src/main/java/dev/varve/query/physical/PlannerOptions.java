// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.optimizer.OptimizerOptions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which passes and algorithms a planner may use. Any choice gives the same answers; tests compare
 * them.
 *
 * @param disabled algorithms not to be used where another can do
 */
public record PlannerOptions(OptimizerOptions optimizer, Set<Algorithm> disabled) {
  /** Everything. */
  public static final PlannerOptions DEFAULT =
      new PlannerOptions(OptimizerOptions.DEFAULT, Set.of());

  /** Algorithms that can be switched off. */
  public enum Algorithm {
    POINT_GET,
    RANGE_SCAN,
    INDEX_SCAN,
    INDEX_ONLY_SCAN,
    BITMAP_SCAN,
    HASH_JOIN,
    INDEX_JOIN,
    TOP_N
  }

  /** The same without some algorithms. */
  public PlannerOptions without(Algorithm... algorithms) {
    Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
    all.addAll(disabled);
    all.addAll(Set.of(algorithms));
    return new PlannerOptions(optimizer, all);
  }

  boolean allows(Algorithm algorithm) {
    return !disabled.contains(algorithm);
  }
}
