// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.VarveException;
import dev.varve.query.ast.SourceText;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.parser.Parser;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;

/** Finds out what a view makes of a changed table by planning its query over it. */
final class ViewDependency {
  private final DefinitionContext context;

  ViewDependency(DefinitionContext context) {
    this.context = context;
  }

  /** Whether the view's query names {@code column} of {@code table}, or yields it by a star. */
  boolean reads(ViewDefinition view, TableDefinition table, String column) {
    List<TableColumn> columns = new ArrayList<>(table.columns());
    int place = table.columnIndex(column);
    columns.set(place, columns.get(place).withName("$gone"));
    return !fits(view, context.catalog().with(table.change().columns(columns).build()));
  }

  /** Whether the view's query still yields the same columns over {@code catalog}. */
  boolean fits(ViewDefinition view, Catalog catalog) {
    try {
      PhysicalQuery query =
          context
              .planning(new SourceText(view.queryText()))
              .withCatalog(catalog.withSearchPath(view.searchPath()))
              .plan(Parser.parseQuery(view.queryText()), List.of(), List.of());
      for (PlanColumn each : query.columns()) {
        if (each.name().equals("$gone")) {
          return false;
        }
      }
      return query.columns().size() == view.columns().size();
    } catch (VarveException e) {
      return false;
    }
  }
}
