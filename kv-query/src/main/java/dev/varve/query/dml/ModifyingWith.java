// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.core.store.StoreSnapshot;
import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.DataStatement.Delete;
import dev.varve.query.ast.DataStatement.Insert;
import dev.varve.query.ast.DataStatement.Update;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.Statement;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data statements of a WITH clause. They run first, in order; what they return is a table that the
 * statement behind the clause can name. That statement does not see what they have changed: it reads a
 * snapshot from before, unless the transaction had written something itself.
 */
public final class ModifyingWith {
  private record Part(String name, DataPlan plan) {}

  private final List<Part> parts;
  private final Statement rest;
  private final StatementContext.Planning planning;

  private ModifyingWith(List<Part> parts, Statement rest, StatementContext.Planning planning) {
    this.parts = parts;
    this.rest = rest;
    this.planning = planning;
  }

  /** Plans the data statements of {@code statement}'s WITH clause; null when there are none. */
  public static @Nullable ModifyingWith plan(
      Statement statement, StatementContext.Planning planning) {
    List<CommonTable> tables = with(statement);
    if (tables.stream().noneMatch(table -> table.statement() instanceof DataStatement)) {
      return null;
    }
    List<Part> parts = new ArrayList<>();
    List<CommonTable> others = new ArrayList<>();
    StatementContext.Planning current = planning;
    for (CommonTable table : tables) {
      if (!(table.statement() instanceof DataStatement data)) {
        others.add(table);
        continue;
      }
      List<CommonTable> visible = new ArrayList<>(others);
      visible.addAll(with(data));
      DataPlan plan = new DataPlanner(current).plan((DataStatement) withTables(data, visible));
      parts.add(new Part(table.name().name(), plan));
      current = current.withGiven(given(table, plan));
    }
    return new ModifyingWith(parts, withTables(statement, others), current);
  }

  private static GivenTable given(CommonTable table, DataPlan plan) {
    List<String> names = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    List<Identifier> renamed = table.columns();
    for (int i = 0; i < plan.columns().size(); i++) {
      PlanColumn column = plan.columns().get(i);
      names.add(i < renamed.size() ? renamed.get(i).name() : column.name());
      types.add(column.type());
    }
    return new GivenTable(table.name().name(), names, types);
  }

  private static List<CommonTable> with(Statement statement) {
    if (statement instanceof Statement.QueryStatement query) {
      return query.query().with();
    } else if (statement instanceof Insert insert) {
      return insert.with();
    } else if (statement instanceof Update update) {
      return update.with();
    }
    return statement instanceof Delete delete ? delete.with() : List.of();
  }

  private static Statement withTables(Statement statement, List<CommonTable> with) {
    if (statement instanceof Statement.QueryStatement each) {
      Query query = each.query();
      return new Statement.QueryStatement(
          new Query(
              with,
              query.recursive(),
              query.body(),
              query.orderBy(),
              query.limit(),
              query.withTies(),
              query.offset(),
              query.locking(),
              query.span()),
          each.span());
    } else if (statement instanceof Insert insert) {
      return new Insert(
          with,
          insert.recursive(),
          insert.table(),
          insert.alias(),
          insert.columns(),
          insert.overriding(),
          insert.source(),
          insert.onConflict(),
          insert.returning(),
          insert.span());
    } else if (statement instanceof Update update) {
      return new Update(
          with,
          update.recursive(),
          update.table(),
          update.alias(),
          update.assignments(),
          update.from(),
          update.where(),
          update.returning(),
          update.span());
    } else if (statement instanceof Delete delete) {
      return new Delete(
          with,
          delete.recursive(),
          delete.table(),
          delete.alias(),
          delete.using(),
          delete.where(),
          delete.returning(),
          delete.span());
    }
    return statement;
  }

  /** The statement behind the clause, which has the queries of the clause left. */
  public Statement rest() {
    return rest;
  }

  /** How the rest is planned: with what the data statements return. */
  public StatementContext.Planning planning() {
    return planning;
  }

  /** Runs the data statements and then {@code body}, which must read all it wants to. */
  public <T> T run(StatementContext context, Supplier<T> body) {
    boolean clean = context.transaction().store().isClean();
    StoreSnapshot before = clean ? context.store().snapshot() : null;
    try {
      context.readFrom(before);
      for (Part part : parts) {
        RowCollector rows = part.plan().run(context).rows();
        context.given(part.name(), rows == null ? new RowCollector(List.of()) : rows);
      }
      return body.get();
    } finally {
      context.readFrom(null);
      context.forgetGiven();
      if (before != null) {
        before.close();
      }
    }
  }
}
