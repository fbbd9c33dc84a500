// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One registered overload of an aggregate function.
 *
 * @param parameters a null stands for any type
 * @param bind makes the function for arguments of these types, already converted
 */
record AggregateOverload(
    String name,
    List<@Nullable TypeKind> parameters,
    Function<List<SqlType>, AggregateFunction> bind) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append('(');
    for (int i = 0; i < parameters.size(); i++) {
      TypeKind kind = parameters.get(i);
      text.append(i == 0 ? "" : ", ").append(kind == null ? "any" : kind.sqlName());
    }
    return text.append(')').toString();
  }
}
