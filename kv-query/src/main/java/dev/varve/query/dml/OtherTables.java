// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of UPDATE .. FROM and DELETE .. USING whose columns RETURNING may name. All their columns
 * are handed on behind those of the changed row.
 */
final class OtherTables {
  private static final String CHANGED = "$changed";

  private final List<GivenTable> tables = new ArrayList<>();
  private final StatementContext.Planning planning;

  OtherTables(
      List<TableReference> from,
      List<CommonTable> with,
      boolean recursive,
      List<SelectItem> returning,
      StatementContext.Planning planning) {
    this.planning = planning;
    if (returning.isEmpty()) {
      return;
    }
    List<Identifier> names = new ArrayList<>();
    from.forEach(table -> addNames(table, names));
    for (Identifier name : names) {
      SelectItem star = new SelectItem.Star(List.of(name), name.span());
      Query query = Syntax.select(List.of(star), from, null);
      PhysicalQuery columns =
          planning.plan(
              InsertDefaults.withCommonTables(query, with, recursive), List.of(), List.of());
      tables.add(
          new GivenTable(
              name.name(),
              columns.columns().stream().map(PlanColumn::name).toList(),
              DataPlanner.types(columns)));
    }
  }

  private static void addNames(TableReference table, List<Identifier> into) {
    TableReference.@Nullable Alias alias = null;
    Identifier own = null;
    if (table instanceof TableReference.Named named) {
      alias = named.alias();
      own = named.name().parts().get(named.name().parts().size() - 1);
    } else if (table instanceof TableReference.Derived derived) {
      alias = derived.alias();
    } else if (table instanceof TableReference.Function function) {
      alias = function.alias();
      List<Identifier> parts = function.functions().get(0).name().parts();
      own = parts.get(parts.size() - 1);
    } else if (table instanceof TableReference.Join join) {
      alias = join.alias();
      if (alias == null) {
        addNames(join.left(), into);
        addNames(join.right(), into);
      }
    }
    if (alias != null) {
      into.add(alias.name());
    } else if (own != null) {
      into.add(own);
    }
  }

  /** Adds all columns of the tables to those of the statement's source. */
  void addTo(List<SelectItem> items) {
    for (GivenTable table : tables) {
      for (String column : table.columns()) {
        items.add(Syntax.output(Syntax.column(table.name(), column)));
      }
    }
  }

  int width() {
    return tables.stream().mapToInt(table -> table.columns().size()).sum();
  }

  /** The clause over rows of {@code target} followed by the columns of the tables. */
  @Nullable Returning returning(List<SelectItem> items, GivenTable target) {
    if (items.isEmpty()) {
      return null;
    }
    List<GivenTable> all = new ArrayList<>();
    all.add(target);
    all.addAll(tables);
    List<String> names = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    List<TableReference> from = new ArrayList<>();
    from.add(new TableReference.Named(Syntax.qualified(null, CHANGED), null, null, Span.NONE));
    for (GivenTable table : all) {
      from.add(part(table, names.size()));
      for (int i = 0; i < table.columns().size(); i++) {
        names.add("c" + names.size());
        types.add(table.types().get(i));
      }
    }
    Query query = Syntax.select(withStars(items, all), from, null);
    GivenTable changed = new GivenTable(CHANGED, names, types);
    return Returning.of(planning.plan(query, List.of(changed), List.of()), types);
  }

  /** {@code LATERAL (SELECT cN AS a, cN+1 AS b, ..) AS name}. */
  private static TableReference part(GivenTable table, int first) {
    List<SelectItem> items = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      Expression column = Syntax.column(CHANGED, "c" + (first + i));
      items.add(new SelectItem.Output(column, Syntax.name(table.columns().get(i)), Span.NONE));
    }
    return new TableReference.Derived(
        Syntax.select(items, List.of(), null),
        true,
        new TableReference.Alias(Syntax.name(table.name()), List.of(), Span.NONE),
        Span.NONE);
  }

  private static List<SelectItem> withStars(List<SelectItem> items, List<GivenTable> all) {
    List<SelectItem> expanded = new ArrayList<>();
    for (SelectItem item : items) {
      if (item instanceof SelectItem.Star star && star.qualifier().isEmpty()) {
        for (GivenTable table : all) {
          expanded.add(new SelectItem.Star(List.of(Syntax.name(table.name())), star.span()));
        }
      } else {
        expanded.add(item);
      }
    }
    return expanded;
  }
}
