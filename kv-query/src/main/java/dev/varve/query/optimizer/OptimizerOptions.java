// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import java.util.HashSet;
import java.util.Set;

/**
 * Which passes run.
 *
 * @param disabled the names of those that do not
 */
public record OptimizerOptions(Set<String> disabled) {
  /** All passes. */
  public static final OptimizerOptions DEFAULT = new OptimizerOptions(Set.of());

  /** Copies. */
  public OptimizerOptions {
    disabled = Set.copyOf(disabled);
  }

  /** The same without a pass. */
  public OptimizerOptions without(String pass) {
    Set<String> all = new HashSet<>(disabled);
    all.add(pass);
    return new OptimizerOptions(all);
  }
}
