// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.Spelling;
import dev.varve.query.ast.TableReference;
import dev.varve.query.ast.TableReference.Alias;
import dev.varve.query.binder.CteScope.Cte;
import dev.varve.query.binder.Scope.Entry;
import dev.varve.query.binder.Scope.Relation;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.expression.Expression;
import dev.varve.query.parser.Parser;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.GivenRows;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.Values;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Binds what stands in FROM. */
final class FromBinder {
  /** What the key of a row in storage can be called; not part of {@code *}. */
  private static final String ROW_KEY = "$rowkey";

  private final Binding binding;
  private final @Nullable Block outer;
  private final CteScope ctes;

  /** Binds FROM inside {@code outer}. */
  FromBinder(Binding binding, @Nullable Block outer, CteScope ctes) {
    this.binding = binding;
    this.outer = outer;
    this.ctes = ctes;
  }

  /** A plan and the names it makes visible. */
  record Result(LogicalPlan plan, Scope scope) {}

  /** Everything in FROM, the tables crossed from left to right. */
  Result bind(List<TableReference> references) {
    if (references.isEmpty()) {
      return new Result(Values.oneRow(), Scope.EMPTY);
    }
    Result result = bind(references.get(0), Scope.EMPTY);
    for (TableReference reference : references.subList(1, references.size())) {
      result = cross(result, reference);
    }
    return result;
  }

  /** {@code left} crossed with a further reference, which may be lateral. */
  Result cross(Result left, TableReference reference) {
    Result right = bind(reference, left.scope());
    return new Result(
        new Join(JoinKind.INNER, left.plan(), right.plan(), List.of()),
        left.scope().with(right.scope(), reference.span()));
  }

  private Result bind(TableReference reference, Scope before) {
    if (reference instanceof TableReference.Named named) {
      return named(named, before);
    } else if (reference instanceof TableReference.Derived derived) {
      return derived(derived, before);
    } else if (reference instanceof TableReference.Function function) {
      return function(function, before);
    }
    return new JoinBinder(this, binding).bind((TableReference.Join) reference, before);
  }

  Result bindRight(TableReference reference, Scope before) {
    return bind(reference, before);
  }

  /** A query level that sees {@code before}, what stands to the left in FROM. */
  Block lateral(Scope before) {
    Block block = new Block(outer, ctes, before);
    block.setClause(Clause.FUNCTION);
    return block;
  }

  // Names

  private Result named(TableReference.Named named, Scope before) {
    if (named.name().parts().size() > 3) {
      throw ErrorCode.SYNTAX_ERROR
          .error("Improper qualified name (too many dotted names): " + named.name() + ".")
          .position(named.span().position())
          .build();
    }
    String schema = named.name().schema();
    String name = named.name().name();
    if (schema == null) {
      Cte cte = ctes.find(name);
      if (cte != null) {
        return commonTable(named, cte);
      }
    }
    Catalog catalog = binding.catalog();
    TableDefinition table = catalog.table(schema, name);
    if (table != null) {
      return table(named, table, before);
    }
    ViewDefinition view = catalog.view(schema, name);
    if (view != null) {
      return view(named, view);
    }
    BoundQuery system = SystemTables.bind(binding, schema, name);
    if (system != null) {
      return relation(
          system.plan(),
          system.columns(),
          names(system.columns()),
          named.alias(),
          name,
          schema,
          null);
    }
    throw unknown(named);
  }

  private VarveException unknown(TableReference.Named named) {
    var error =
        ErrorCode.UNDEFINED_TABLE
            .error("Relation \"" + named.name() + "\" does not exist.")
            .position(named.name().span().position());
    return Spelling.suggest(error, named.name().name(), binding.catalog().visibleNames()).build();
  }

  private Result commonTable(TableReference.Named named, Cte cte) {
    if (cte.isForbidden()) {
      throw RecursiveBinder.forbidden(cte.name(), named.span());
    }
    List<PlanColumn> columns = new ArrayList<>();
    for (int i = 0; i < cte.columns().size(); i++) {
      PlanColumn model = cte.columns().get(i);
      columns.add(binding.columns().column(cte.names().get(i), model.type(), true));
    }
    List<Integer> ordinals = IntStream.range(0, columns.size()).boxed().toList();
    return relation(
        cte.isGiven()
            ? new GivenRows(cte.name(), columns, ordinals)
            : new CteScan(cte.number(), cte.name(), columns, ordinals),
        columns,
        cte.names(),
        named.alias(),
        cte.name(),
        null,
        null);
  }

  private Result table(TableReference.Named named, TableDefinition table, Scope before) {
    Expression asOf = null;
    if (named.asOf() != null) {
      Block block = lateral(before);
      asOf =
          binding
              .builder()
              .coerce(new ExpressionBinder(binding, block).bind(named.asOf()), SqlType.TIMESTAMPTZ);
    }
    String alias = named.alias() == null ? table.name() : named.alias().name().name();
    BoundTable bound = bound(table);
    Result result =
        relation(
            scan(bound, alias, asOf),
            bound.columns(),
            names(bound.columns()),
            named.alias(),
            table.name(),
            table.schema(),
            bound);
    List<Entry> entries = new ArrayList<>(result.scope().entries());
    Relation relation = result.scope().relations().get(0);
    entries.add(new Entry(relation, ROW_KEY, bound.rowKey().reference(), true));
    return new Result(result.plan(), result.scope().withEntries(entries));
  }

  /** A base table with columns of its own for this use of it. */
  private BoundTable bound(TableDefinition table) {
    List<PlanColumn> columns = new ArrayList<>(table.columns().size());
    for (TableColumn column : table.columns()) {
      columns.add(binding.columns().column(column.name(), column.type(), !column.notNull()));
    }
    return new BoundTable(table, columns, binding.columns().column(ROW_KEY, SqlType.BYTEA, false));
  }

  private static Scan scan(BoundTable table, String alias, @Nullable Expression asOf) {
    return new Scan(
        table.definition(),
        alias,
        table.columns(),
        IntStream.range(0, table.columns().size()).boxed().toList(),
        table.rowKey(),
        asOf);
  }

  private Result view(TableReference.Named named, ViewDefinition view) {
    Query text = Parser.parseQuery(view.queryText());
    Binding inside =
        binding.inside(
            binding.catalog().withSearchPath(view.searchPath()), new SourceText(view.queryText()));
    BoundQuery query = new QueryBinder(inside, null, CteScope.NONE).bind(text);
    List<String> names = names(query.columns());
    for (int i = 0; i < view.columns().size() && i < names.size(); i++) {
      names.set(i, view.columns().get(i));
    }
    return relation(
        query.plan(),
        query.columns(),
        names,
        named.alias(),
        named.name().name(),
        named.name().schema(),
        null);
  }

  private Result derived(TableReference.Derived derived, Scope before) {
    Block around = derived.lateral() ? lateral(before) : outer;
    BoundQuery query = new QueryBinder(binding, around, ctes).bind(derived.query());
    return relation(
        query.plan(),
        query.columns(),
        names(query.columns()),
        derived.alias(),
        "unnamed_subquery",
        null,
        null);
  }

  // Functions

  private Result function(TableReference.Function reference, Scope before) {
    if (!reference.columns().isEmpty()) {
      throw ExpressionBinder.unsupported(
          "A column definition list is not supported", reference.span());
    }
    Block block = lateral(before);
    ExpressionBinder expressions = new ExpressionBinder(binding, block);
    List<FunctionScan.Call> calls = new ArrayList<>();
    List<PlanColumn> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    String first = reference.functions().get(0).name().name();
    boolean scalar = false;
    Expression value = null;
    for (dev.varve.query.ast.Expression.FunctionCall call : reference.functions()) {
      String name = call.name().name();
      if (TableFunctions.isTableFunction(name)) {
        FunctionScan.Call bound =
            TableFunctions.bind(
                binding.builder(),
                name,
                expressions.bindAll(call.arguments()),
                ExpressionBinder.at(call.span()));
        calls.add(bound);
        boolean named = reference.functions().size() == 1 && reference.alias() != null;
        columns.add(binding.columns().column(name, bound.function().columnTypes().get(0), true));
        names.add(named && reference.alias() != null ? reference.alias().name().name() : name);
      } else {
        scalar = true;
        value = binding.builder().settle(expressions.bind(call));
        columns.add(binding.columns().column(name, value.type(), true));
        names.add(reference.alias() != null ? reference.alias().name().name() : name);
      }
    }
    if (scalar && reference.functions().size() > 1) {
      throw ExpressionBinder.unsupported(
          "ROWS FROM over functions that yield one value", reference.span());
    }
    if (reference.withOrdinality()) {
      columns.add(binding.columns().column("ordinality", SqlType.BIGINT, false));
      names.add("ordinality");
    }
    LogicalPlan plan;
    if (value != null) {
      List<Assignment> assignments = new ArrayList<>();
      assignments.add(new Assignment(columns.get(0), value));
      if (reference.withOrdinality()) {
        assignments.add(
            new Assignment(
                columns.get(1), new Expression.Constant(1L, SqlType.BIGINT, value.position())));
      }
      plan = new Project(Block.attach(Values.oneRow(), block.takePending()), assignments);
    } else {
      plan = new FunctionScan(calls, reference.withOrdinality(), columns);
      List<Block.Pending> subqueries = block.takePending();
      if (!subqueries.isEmpty()) {
        plan = new Join(JoinKind.INNER, Block.attach(Values.oneRow(), subqueries), plan, List.of());
      }
    }
    return relation(plan, columns, names, reference.alias(), first, null, null);
  }

  // Relations

  private static List<String> names(List<PlanColumn> columns) {
    return new ArrayList<>(columns.stream().map(PlanColumn::name).toList());
  }

  private static Result relation(
      LogicalPlan plan,
      List<PlanColumn> columns,
      List<String> names,
      @Nullable Alias alias,
      String name,
      @Nullable String schema,
      @Nullable BoundTable table) {
    Relation relation =
        alias == null
            ? new Relation(name, schema, table)
            : new Relation(alias.name().name(), null, table);
    List<String> visible = alias == null ? names : renamed(names, alias, relation.name());
    return new Result(plan, Scope.of(relation, visible, columns));
  }

  static List<String> renamed(List<String> names, Alias alias, String relation) {
    List<Identifier> given = alias.columns();
    if (given.size() > names.size()) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error(
              "Table \""
                  + relation
                  + "\" has "
                  + names.size()
                  + " columns available but "
                  + given.size()
                  + " columns specified.")
          .position(alias.span().position())
          .build();
    }
    List<String> visible = new ArrayList<>(names);
    for (int i = 0; i < given.size(); i++) {
      visible.set(i, given.get(i).name());
    }
    return visible;
  }

  /** The whole of a join under one name. */
  static Scope renamed(Scope scope, Alias alias, Span span) {
    Relation relation = new Relation(alias.name().name(), null, null);
    List<Entry> star = scope.star();
    List<String> names =
        renamed(star.stream().map(Entry::name).toList(), alias, alias.name().name());
    List<Entry> entries = new ArrayList<>(star.size());
    for (int i = 0; i < star.size(); i++) {
      entries.add(new Entry(relation, names.get(i), star.get(i).expression(), false));
    }
    return Scope.EMPTY.withRelation(relation, entries);
  }

  @Nullable Block outer() {
    return outer;
  }

  CteScope ctes() {
    return ctes;
  }
}
