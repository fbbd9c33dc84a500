// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of a statement's parameters, as far as they are settled. Not thread-safe. */
public final class ParameterTypes {
  private final List<@Nullable SqlType> types = new ArrayList<>();

  /** The type of a parameter, UNKNOWN while not settled. */
  public SqlType type(int index) {
    SqlType type = index < types.size() ? types.get(index) : null;
    return type == null ? SqlType.UNKNOWN : type;
  }

  /** Makes a parameter exist, and settles its type unless it is settled or {@code type} is UNKNOWN. */
  public void settle(int index, SqlType type) {
    while (types.size() <= index) {
      types.add(null);
    }
    if (types.get(index) == null && !type.equals(SqlType.UNKNOWN)) {
      types.set(index, type);
    }
  }

  /** The types of all parameters; those never settled are TEXT. */
  public List<SqlType> settled() {
    return types.stream().map(type -> type == null ? SqlType.TEXT : type).toList();
  }
}
