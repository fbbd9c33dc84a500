// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables that one statement changes: its own and, through foreign keys, others. Each is planned
 * when first needed, so that tables may reference each other in circles.
 */
final class Cascade {
  private final StatementContext.Planning planning;
  private final Map<Integer, TableChanges> tables = new HashMap<>();
  private final Set<Integer> opened = new HashSet<>();

  Cascade(StatementContext.Planning planning) {
    this.planning = planning;
  }

  /** The changes of a table, planned but perhaps not opened. */
  TableChanges plan(TableDefinition table) {
    TableChanges changes = tables.get(table.id());
    if (changes == null) {
      changes = new TableChanges(table, planning, this);
      tables.put(table.id(), changes);
    }
    return changes;
  }

  /** The changes of a table in the statement under way. */
  TableChanges open(TableDefinition table, StatementContext context) {
    TableChanges changes = plan(table);
    if (opened.add(table.id())) {
      changes.open(context);
    }
    return changes;
  }

  /** Begins a statement. */
  void begin() {
    opened.clear();
  }

  /** Carries out what foreign keys ask for, until nothing is left to do. */
  void finish(StatementContext context) {
    boolean more = true;
    while (more) {
      more = false;
      List<Integer> ids = new ArrayList<>(opened);
      for (int id : ids) {
        TableChanges changes = tables.get(id);
        more |= changes != null && changes.foreignKeys().process(context);
      }
    }
  }
}
