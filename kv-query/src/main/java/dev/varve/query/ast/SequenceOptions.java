// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import org.jspecify.annotations.Nullable;

/**
 * What CREATE and ALTER SEQUENCE say; null where nothing was said.
 *
 * @param restart RESTART WITH; {@link #restartPlain} for RESTART alone
 * @param noMinValue NO MINVALUE stood there
 * @param noMaxValue NO MAXVALUE stood there
 * @param ownedBy table.column, or the single part {@code none}
 */
public record SequenceOptions(
    @Nullable TypeName type,
    @Nullable Long start,
    @Nullable Long increment,
    @Nullable Long minValue,
    boolean noMinValue,
    @Nullable Long maxValue,
    boolean noMaxValue,
    @Nullable Long cache,
    @Nullable Boolean cycle,
    @Nullable Long restart,
    boolean restartPlain,
    @Nullable QualifiedName ownedBy) {
  /** Nothing said. */
  public static final SequenceOptions NONE =
      new SequenceOptions(
          null, null, null, null, false, null, false, null, null, null, false, null);
}
