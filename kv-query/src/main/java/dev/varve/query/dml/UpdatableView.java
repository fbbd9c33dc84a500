// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.catalog.ViewDefinition.CheckOption;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.parser.Parser;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A view simple enough to be written through: one table or such a view in FROM, no grouping, no set
 * operation, no limit. Changes of it become changes of the table underneath.
 *
 * <p>As a source of rows it is a derived table that carries, beside the view's columns, the key and the
 * columns of the table's row as {@code $key} and {@code $b0}, {@code $b1} and so on.
 */
final class UpdatableView {
  private static final Span NONE = Span.NONE;
  private static final String KEY = "$key";
  private static final Set<String> AGGREGATES =
      Set.of(
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "bool_and",
          "bool_or",
          "every",
          "string_agg",
          "array_agg",
          "stddev",
          "variance",
          "generate_series");

  private final ViewDefinition view;
  private final TableDefinition table;
  private final @Nullable UpdatableView below;
  private final QueryBody.Select select;
  private final String alias;

  /** For each of the view's columns, its place in the table, or -1 when it is computed. */
  private final int[] places;

  private UpdatableView(
      ViewDefinition view,
      TableDefinition table,
      @Nullable UpdatableView below,
      QueryBody.Select select,
      String alias,
      int[] places) {
    this.view = view;
    this.table = table;
    this.below = below;
    this.select = select;
    this.alias = alias;
    this.places = places;
  }

  /** The view as one that can be written through; {@code verb} is for the message if it is none. */
  static UpdatableView of(ViewDefinition view, String verb, StatementContext.Planning planning) {
    Query query = Parser.parseQuery(view.queryText());
    boolean plain =
        query.with().isEmpty()
            && query.limit() == null
            && query.offset() == null
            && query.body() instanceof QueryBody.Select;
    if (!plain || !(query.body() instanceof QueryBody.Select select) || !isSimple(select)) {
      throw notUpdatable(view, verb);
    }
    TableReference.Named from = (TableReference.Named) select.from().get(0);
    QualifiedName name = from.name();
    Relation relation =
        planning.catalog().withSearchPath(view.searchPath()).relation(name.schema(), name.name());
    UpdatableView below =
        relation instanceof ViewDefinition inner ? of(inner, verb, planning) : null;
    TableDefinition table =
        relation instanceof TableDefinition base ? base : below == null ? null : below.table;
    if (table == null) {
      throw notUpdatable(view, verb);
    }
    String alias = from.alias() == null ? name.name() : from.alias().name().name();
    List<String> columns = below == null ? table.columnNames() : below.view.columns();
    return new UpdatableView(
        view, table, below, select, alias, places(view, select, columns, below));
  }

  private static boolean isSimple(QueryBody.Select select) {
    if (select.distinct() != null
        || select.groupBy() != null
        || select.having() != null
        || select.from().size() != 1
        || !(select.from().get(0) instanceof TableReference.Named named)
        || named.asOf() != null
        || named.alias() != null && !named.alias().columns().isEmpty()) {
      return false;
    }
    for (SelectItem item : select.items()) {
      if (item instanceof SelectItem.Output output
          && output.expression() instanceof Expression.FunctionCall call
          && (call.over() != null || AGGREGATES.contains(call.name().name()))) {
        return false;
      }
    }
    return true;
  }

  private static VarveException notUpdatable(ViewDefinition view, String verb) {
    return ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
        .error("cannot " + verb + " view \"" + view.name() + "\"")
        .hint(
            "Only a view of one table, without grouping, DISTINCT, LIMIT or set operations, can be.")
        .build();
  }

  private static int[] places(
      ViewDefinition view,
      QueryBody.Select select,
      List<String> columns,
      @Nullable UpdatableView below) {
    List<Integer> all = new ArrayList<>();
    for (SelectItem item : select.items()) {
      if (item instanceof SelectItem.Star) {
        for (int i = 0; i < columns.size(); i++) {
          all.add(below == null ? i : below.places[i]);
        }
      } else {
        Expression expression = ((SelectItem.Output) item).expression();
        int place =
            expression instanceof Expression.ColumnReference column
                ? columns.indexOf(column.name())
                : -1;
        all.add(place < 0 || below == null ? place : below.places[place]);
      }
    }
    int[] places = new int[view.columns().size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i < all.size() ? all.get(i) : -1;
    }
    return places;
  }

  TableDefinition table() {
    return table;
  }

  List<String> columns() {
    return view.columns();
  }

  /** The place in the table of a column of the view that is to be written. */
  int place(Identifier name, String verb, StatementContext.Planning planning) {
    int column = view.columns().indexOf(name.name());
    if (column < 0) {
      throw planning
          .source()
          .error(
              ErrorCode.UNDEFINED_COLUMN,
              name.span(),
              "column \"" + name + "\" of relation \"" + view.name() + "\" does not exist")
          .build();
    }
    return place(column, verb);
  }

  /** The place in the table of a column of the view, or -1 when it is computed. */
  int placeOrNone(int column) {
    return places[column];
  }

  private int place(int column, String verb) {
    if (places[column] < 0) {
      throw ErrorCode.NOT_SUPPORTED
          .error(
              "cannot "
                  + verb
                  + " column \""
                  + view.columns().get(column)
                  + "\" of view \""
                  + view.name()
                  + "\"")
          .hint("The column is computed.")
          .build();
    }
    return places[column];
  }

  /** The table's columns under the names that the view gives them. */
  GivenTable renamed(String name) {
    GivenTable scope = TableWriter.scope(table, name);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < scope.columns().size(); i++) {
      names.add("$b" + i);
    }
    for (int i = places.length - 1; i >= 0; i--) {
      if (places[i] >= 0) {
        names.set(places[i], view.columns().get(i));
      }
    }
    return new GivenTable(name, names, scope.types());
  }

  // As a source of rows.

  /** The rows of the view with the keys and columns of the table's rows, called {@code name}. */
  TableReference source(String name) {
    TableReference rows = Syntax.table(table, table.name());
    return named(query(rows, true, true), name);
  }

  /** The view over rows of the table that stand under {@code given}, whatever its condition. */
  TableReference over(String given, String name) {
    TableReference rows =
        new TableReference.Named(
            Syntax.qualified(null, given),
            new TableReference.Alias(Syntax.name(table.name()), List.of(), NONE),
            null,
            NONE);
    return named(query(rows, false, false), name);
  }

  /** Items for the key and all columns of the table's row, out of {@link #source}. */
  List<SelectItem> keyAndColumns(String name) {
    List<SelectItem> items = new ArrayList<>();
    items.add(Syntax.output(Syntax.column(name, KEY)));
    for (int i = 0; i < table.columns().size(); i++) {
      items.add(Syntax.output(Syntax.column(name, "$b" + i)));
    }
    return items;
  }

  private static TableReference named(Query query, String name) {
    return new TableReference.Derived(
        query, false, new TableReference.Alias(Syntax.name(name), List.of(), NONE), NONE);
  }

  private Query query(TableReference rows, boolean withKey, boolean filtered) {
    TableReference from =
        below == null
            ? named(tableQuery(rows, withKey), alias)
            : named(below.query(rows, withKey, filtered), alias);
    List<SelectItem> items = new ArrayList<>();
    if (withKey) {
      items.add(as(Syntax.column(alias, KEY), KEY));
    }
    for (int i = 0; i < table.columns().size(); i++) {
      items.add(as(Syntax.column(alias, "$b" + i), "$b" + i));
    }
    List<Expression> values = values();
    for (int i = 0; i < view.columns().size(); i++) {
      items.add(as(values.get(i), view.columns().get(i)));
    }
    return Syntax.select(items, List.of(from), filtered ? select.where() : null);
  }

  private List<Expression> values() {
    List<String> columns = below == null ? table.columnNames() : below.view.columns();
    List<Expression> values = new ArrayList<>();
    for (SelectItem item : select.items()) {
      if (item instanceof SelectItem.Star) {
        columns.forEach(column -> values.add(Syntax.column(alias, column)));
      } else {
        values.add(((SelectItem.Output) item).expression());
      }
    }
    return values;
  }

  private Query tableQuery(TableReference rows, boolean withKey) {
    List<SelectItem> items = new ArrayList<>();
    if (withKey) {
      items.add(as(Syntax.column(table.name(), RowKeys.COLUMN), KEY));
    }
    List<String> names = table.columnNames();
    for (int i = 0; i < names.size(); i++) {
      items.add(as(Syntax.column(table.name(), names.get(i)), "$b" + i));
    }
    for (String name : names) {
      items.add(as(Syntax.column(table.name(), name), name));
    }
    return Syntax.select(items, List.of(rows), null);
  }

  private static SelectItem as(Expression value, String name) {
    return new SelectItem.Output(value, Syntax.name(name), NONE);
  }

  // WITH CHECK OPTION.

  /** What new rows of the table must meet to be seen through the views that ask for it. */
  List<RowChecks.Extra> checks(StatementContext.Planning planning) {
    List<RowChecks.Extra> checks = new ArrayList<>();
    addChecks(false, planning, checks);
    return checks;
  }

  private void addChecks(
      boolean cascaded, StatementContext.Planning planning, List<RowChecks.Extra> into) {
    boolean checked = cascaded || view.checkOption() != CheckOption.NONE;
    if (below != null) {
      below.addChecks(cascaded || view.checkOption() == CheckOption.CASCADED, planning, into);
    }
    Expression where = select.where();
    if (checked && where != null) {
      GivenTable scope = below == null ? TableWriter.scope(table, alias) : below.renamed(alias);
      Evaluator condition =
          planning
              .withSource(new SourceText(view.queryText()))
              .evaluator(where, List.of(scope), new Target(SqlType.BOOLEAN, "where"));
      into.add(
          new RowChecks.Extra(
              condition,
              "new row violates check option for view \"" + view.name() + "\"",
              ErrorCode.CHECK_OPTION_VIOLATION));
    }
  }
}
