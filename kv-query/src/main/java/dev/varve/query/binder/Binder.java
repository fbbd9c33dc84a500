// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.TableReference;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the names in a statement mean and what types its expressions have. One per statement;
 * one thread.
 */
public final class Binder {
  private final Binding binding;
  private final CteScope ctes;
  private final List<With> definitions;

  /** A binder for one statement. */
  public Binder(Binding binding) {
    this(binding, CteScope.NONE, List.of());
  }

  private Binder(Binding binding, CteScope ctes, List<With> definitions) {
    this.binding = binding;
    this.ctes = ctes;
    this.definitions = definitions;
  }

  /** A binder that also sees the tables of a WITH clause; {@link #define} puts them round a plan. */
  public Binder with(List<CommonTable> tables, boolean recursive) {
    if (tables.isEmpty()) {
      return this;
    }
    QueryBinder queries = new QueryBinder(binding, null, ctes);
    List<With> all = new ArrayList<>(definitions);
    all.addAll(queries.commonTables(tables, recursive));
    return new Binder(binding, queries.ctes(), all);
  }

  /** The plan inside the definitions of the WITH clauses. */
  public LogicalPlan define(LogicalPlan plan) {
    return QueryBinder.define(definitions, plan);
  }

  /** A query on its own. */
  public BoundQuery query(Query query) {
    return new QueryBinder(binding, null, ctes).bind(query);
  }

  /** A query whose literals may keep their type open: the source of an INSERT. */
  public BoundQuery source(Query query) {
    return new QueryBinder(binding, null, ctes).bind(query, true);
  }

  /**
   * The rows of a table, each with its key in storage, crossed with those of further tables: what
   * UPDATE and DELETE go over.
   */
  public BoundRows rows(
      TableDefinition table, @Nullable String alias, List<TableReference> others) {
    FromBinder from = new FromBinder(binding, null, ctes, false);
    String name = alias == null ? table.name() : alias;
    BoundTable target = from.bound(table, true);
    Scope.Relation relation =
        new Scope.Relation(name, alias == null ? table.schema() : null, target);
    FromBinder.Result result =
        new FromBinder.Result(
            FromBinder.scan(target, name, null),
            Scope.of(
                relation,
                target.columns().stream().map(PlanColumn::name).toList(),
                target.columns()));
    for (TableReference other : others) {
      result = from.cross(result, other);
    }
    return new BoundRows(
        binding, ctes, result.plan(), result.scope(), target.columns(), target.rowKey());
  }

  /** Rows that come from elsewhere, under names of their own. */
  public BoundRows rows(LogicalPlan plan, List<BoundRows.Source> sources) {
    Scope scope = Scope.EMPTY;
    for (BoundRows.Source source : sources) {
      Scope.Relation relation = new Scope.Relation(source.name(), null, null);
      scope = scope.with(Scope.of(relation, source.names(), source.columns()), source.place());
    }
    List<PlanColumn> first = sources.isEmpty() ? List.of() : sources.get(0).columns();
    return new BoundRows(binding, ctes, plan, scope, first, null);
  }

  /** What all parts of the statement share. */
  public Binding binding() {
    return binding;
  }
}
