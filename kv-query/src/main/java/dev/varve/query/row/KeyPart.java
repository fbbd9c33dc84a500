// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;

/**
 * One column of a key.
 *
 * @param nullable whether it may be NULL; a part that may not takes one byte less
 * @param nullsFirst where NULLs go, whichever the direction
 */
public record KeyPart(SqlType type, boolean descending, boolean nullsFirst, boolean nullable) {
  /** An ascending part that is never NULL, as in a primary key. */
  public static KeyPart of(SqlType type) {
    return new KeyPart(type, false, false, false);
  }

  /**
   * Whether the key gives the value back exactly. Of NUMERIC without a fixed scale, of floating-point
   * numbers and intervals only what makes values differ is kept, not how they are printed.
   */
  public boolean isLossless() {
    TypeKind kind = type.kind();
    return kind == TypeKind.NUMERIC
        ? type.hasModifier()
        : !kind.isFloat() && kind != TypeKind.INTERVAL;
  }
}
