// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.type.SqlType;
import java.util.List;

/** A table that a query can name and whose rows its caller supplies at execution. */
public record GivenTable(String name, List<String> columns, List<SqlType> types) {
  /** Copies. */
  public GivenTable {
    columns = List.copyOf(columns);
    types = List.copyOf(types);
  }
}
