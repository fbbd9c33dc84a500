// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions that only make sense over a window. */
public enum WindowFunction {
  ROW_NUMBER,
  RANK,
  DENSE_RANK,
  PERCENT_RANK,
  CUME_DIST,
  NTILE,
  LAG,
  LEAD,
  FIRST_VALUE,
  LAST_VALUE,
  NTH_VALUE;

  /** The function of that name in lower case, or null. */
  public static @Nullable WindowFunction named(String name) {
    for (WindowFunction function : values()) {
      if (function.sqlName().equals(name)) {
        return function;
      }
    }
    return null;
  }

  /** The name in lower case. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the frame matters. */
  public boolean usesFrame() {
    return this == FIRST_VALUE || this == LAST_VALUE || this == NTH_VALUE;
  }
}
