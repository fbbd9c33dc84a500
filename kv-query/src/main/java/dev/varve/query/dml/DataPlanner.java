// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.DataStatement.Assignment;
import dev.varve.query.ast.DataStatement.Delete;
import dev.varve.query.ast.DataStatement.Insert;
import dev.varve.query.ast.DataStatement.Overriding;
import dev.varve.query.ast.DataStatement.Truncate;
import dev.varve.query.ast.DataStatement.Update;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans data statements. */
public final class DataPlanner {
  private final StatementContext.Planning planning;
  private final Set<Integer> read = new HashSet<>();

  /** For one statement. */
  public DataPlanner(StatementContext.Planning planning) {
    this.planning = planning.withCatalog(planning.catalog().withListener(this::noteRead));
  }

  private void noteRead(Relation relation) {
    read.add(relation.id());
  }

  /** The plan of {@code statement}. */
  public DataPlan plan(DataStatement statement) {
    if (statement instanceof Insert insert) {
      return planInsert(insert);
    } else if (statement instanceof Update update) {
      return planUpdate(update);
    } else if (statement instanceof Delete delete) {
      return planDelete(delete);
    }
    return TruncatePlan.of((Truncate) statement, planning);
  }

  // INSERT.

  private DataPlan planInsert(Insert insert) {
    TargetTable target = TargetTable.of(insert.table(), insert.alias(), "insert into", planning);
    TableDefinition table = target.table();
    List<Integer> columns = target.columns(insert.columns());
    Cascade cascade = new Cascade(planning);
    SourceRows source = null;
    int[] given = new int[table.columns().size()];
    Arrays.fill(given, -1);
    read.clear();
    if (insert.source() != null) {
      PhysicalQuery query = planSource(insert, table, columns);
      source = new SourceRows(query);
      for (int i = 0; i < query.columns().size(); i++) {
        if (columns.get(i) < 0) {
          throw mismatch(insert, "cannot insert into a computed column of a view");
        }
        given[columns.get(i)] = i;
      }
      ignoreGenerated(insert, table, given);
    }
    boolean readsTarget = read.contains(table.id());
    @Nullable Evaluator[] defaults = new @Nullable Evaluator[given.length];
    for (int i = 0; i < given.length; i++) {
      TableColumn column = table.columns().get(i);
      if (given[i] < 0) {
        defaults[i] = Defaults.evaluator(column, planning);
      }
    }
    OnConflictPlan onConflict =
        insert.onConflict() == null
            ? null
            : new OnConflictPlanner(target, cascade.plan(table), planning)
                .plan(insert.onConflict());
    Returning returning = Returning.plan(insert.returning(), target, planning);
    addViewChecks(target, cascade);
    return new InsertPlan(
        table, cascade, source, readsTarget, given, defaults, onConflict, returning);
  }

  private PhysicalQuery planSource(Insert insert, TableDefinition table, List<Integer> columns) {
    Query source = insert.source();
    assert source != null;
    if (source.body() instanceof QueryBody.Values values) {
      source = withBody(source, new InsertDefaults(table, columns, planning).replace(values));
    }
    source = InsertDefaults.withCommonTables(source, insert.with(), insert.recursive());
    List<@Nullable Target> targets = new ArrayList<>();
    for (int column : columns) {
      TableColumn definition = column < 0 ? null : table.columns().get(column);
      targets.add(definition == null ? null : new Target(definition.type(), definition.name()));
    }
    PhysicalQuery query = planning.plan(source, List.of(), targets);
    int width = query.columns().size();
    if (width > columns.size()) {
      throw mismatch(insert, "INSERT has more expressions than target columns");
    }
    if (width < columns.size() && !insert.columns().isEmpty()) {
      throw mismatch(insert, "INSERT has more target columns than expressions");
    }
    return query;
  }

  private VarveException mismatch(Insert insert, String sentence) {
    Span span = insert.source() == null ? insert.span() : insert.source().span();
    return planning.source().error(ErrorCode.SYNTAX_ERROR, span, sentence).build();
  }

  private static Query withBody(Query query, QueryBody body) {
    return new Query(
        query.with(),
        query.recursive(),
        body,
        query.orderBy(),
        query.limit(),
        query.withTies(),
        query.offset(),
        query.locking(),
        query.span());
  }

  /** Values given for columns that make their own are refused, or ignored where DEFAULT was said. */
  private void ignoreGenerated(Insert insert, TableDefinition table, int[] given) {
    for (int i = 0; i < given.length; i++) {
      TableColumn column = table.columns().get(i);
      boolean always = column.identity() == TableColumn.Identity.ALWAYS;
      boolean identity = column.identity() != TableColumn.Identity.NONE;
      if (given[i] < 0) {
        continue;
      }
      boolean allDefault = isAllDefault(insert, given[i]);
      if (column.generatedText() != null && !allDefault
          || always && !allDefault && insert.overriding() == Overriding.NONE) {
        throw planning
            .source()
            .error(
                ErrorCode.GENERATED_ALWAYS,
                insert.table().span(),
                "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
            .fact("table", table.name())
            .hint(
                always
                    ? "Use OVERRIDING SYSTEM VALUE to override."
                    : "Column \"" + column.name() + "\" is a generated column.")
            .build();
      }
      if (column.generatedText() != null
          || identity && insert.overriding() == Overriding.USER_VALUE) {
        given[i] = -1;
      }
    }
  }

  private static boolean isAllDefault(Insert insert, int place) {
    if (insert.source() == null || !(insert.source().body() instanceof QueryBody.Values values)) {
      return false;
    }
    for (List<Expression> row : values.rows()) {
      if (place >= row.size() || !(row.get(place) instanceof Expression.Default)) {
        return false;
      }
    }
    return true;
  }

  private void addViewChecks(TargetTable target, Cascade cascade) {
    UpdatableView view = target.view();
    if (view != null) {
      cascade.plan(target.table()).checks().add(view.checks(planning));
    }
  }

  // UPDATE.

  private DataPlan planUpdate(Update update) {
    TargetTable target = TargetTable.of(update.table(), update.alias(), "update", planning);
    TableDefinition table = target.table();
    List<SelectItem> items = new ArrayList<>(target.keyAndColumns());
    List<@Nullable Target> targets = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      targets.add(null);
    }
    List<Integer> assigned = new ArrayList<>();
    for (Assignment assignment : update.assignments()) {
      new Assignments(target, planning).add(assignment, assigned, items, targets);
    }
    List<TableReference> from = new ArrayList<>();
    from.add(target.source());
    from.addAll(update.from());
    OtherTables others =
        new OtherTables(
            update.from(), update.with(), update.recursive(), update.returning(), planning);
    others.addTo(items);
    for (int i = 0; i < others.width(); i++) {
      targets.add(null);
    }
    Query query = Syntax.select(items, from, update.where());
    query = InsertDefaults.withCommonTables(query, update.with(), update.recursive());
    PhysicalQuery planned = planning.plan(query, List.of(), targets);
    Returning returning =
        update.from().isEmpty()
            ? Returning.plan(update.returning(), target, planning)
            : others.returning(update.returning(), target.scope(target.alias()));
    Cascade cascade = new Cascade(planning);
    addViewChecks(target, cascade);
    return new UpdatePlan(
        table,
        cascade,
        new SourceRows(planned),
        assigned.stream().mapToInt(Integer::intValue).toArray(),
        !update.from().isEmpty(),
        others.width(),
        returning);
  }

  // DELETE.

  private DataPlan planDelete(Delete delete) {
    TargetTable target = TargetTable.of(delete.table(), delete.alias(), "delete from", planning);
    TableDefinition table = target.table();
    List<SelectItem> items = new ArrayList<>(target.keyAndColumns());
    List<TableReference> from = new ArrayList<>();
    from.add(target.source());
    from.addAll(delete.using());
    OtherTables others =
        new OtherTables(
            delete.using(), delete.with(), delete.recursive(), delete.returning(), planning);
    others.addTo(items);
    Query query = Syntax.select(items, from, delete.where());
    query = InsertDefaults.withCommonTables(query, delete.with(), delete.recursive());
    PhysicalQuery planned = planning.plan(query, List.of(), List.of());
    Returning returning =
        delete.using().isEmpty()
            ? Returning.plan(delete.returning(), target, planning)
            : others.returning(delete.returning(), target.scope(target.alias()));
    return new DeletePlan(
        table,
        new Cascade(planning),
        new SourceRows(planned),
        !delete.using().isEmpty(),
        others.width(),
        returning);
  }

  static List<SqlType> types(PhysicalQuery query) {
    List<SqlType> types = new ArrayList<>();
    query.columns().forEach(column -> types.add(column.type()));
    return types;
  }
}
