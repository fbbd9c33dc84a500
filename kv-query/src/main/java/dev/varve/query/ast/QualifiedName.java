// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A name with the names that qualify it, outermost first: {@code schema.table}.
 *
 * @param parts at least one
 */
public record QualifiedName(List<Identifier> parts, Span span) {
  /** The last part. */
  public String name() {
    return parts.get(parts.size() - 1).name();
  }

  /** The part before the last, or null when there is none. */
  public @Nullable String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2).name();
  }

  @Override
  public String toString() {
    return parts.stream().map(Identifier::name).collect(Collectors.joining("."));
  }
}
