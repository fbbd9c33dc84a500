// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.IndexType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a named index is.
 *
 * @param name names it among the indexes; 1 to 200 characters
 * @param type what it can find
 * @param keyspace the named map that it follows by an extractor, or null when it is kept by hand
 * @param unique whether two primary keys under the same bytes are an error
 */
public record IndexDefinition(
    String name, IndexType type, @Nullable String keyspace, boolean unique) {
  /** Checks that nothing is missing. */
  public IndexDefinition {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }

  /** An index kept by hand, not unique. */
  public static IndexDefinition byHand(String name, IndexType type) {
    return new IndexDefinition(name, type, null, false);
  }
}
