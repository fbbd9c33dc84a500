// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.IndexType;
import dev.varve.TransactionOptions;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.ReferenceStore;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Statement;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.IndexEntryFormat;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.catalog.TypeNames;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.optimizer.OptimizerOptions;
import dev.varve.query.parser.ParsedStatement;
import dev.varve.query.parser.Parser;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.row.RowWriter;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextOutput;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Tables on a store with just enough around them to plan and run queries. */
public final class Sandbox implements AutoCloseable {
  private final TransactionalStore store;
  private final FunctionRegistry functions = new FunctionRegistry();
  private final QueryPlanner planner;
  private Catalog catalog = Catalog.EMPTY;
  private long nextRow = 1;
  private long workMemoryBytes = 64 << 20;

  public Sandbox() {
    this(new ReferenceStore());
  }

  public Sandbox(TransactionalStore store) {
    this.store = store;
    this.planner = new QueryPlanner(functions, store);
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Sets how much memory each operator of the queries to come may take. */
  public void workMemoryBytes(long bytes) {
    workMemoryBytes = bytes;
  }

  /** Runs CREATE TABLE, CREATE INDEX and INSERT .. VALUES or SELECT. */
  public Sandbox run(String sql) {
    for (ParsedStatement statement : Parser.parse(sql)) {
      Statement parsed = statement.statement();
      if (parsed instanceof DefinitionStatement.CreateTable create) {
        create(create, statement.source());
      } else if (parsed instanceof DefinitionStatement.CreateIndex index) {
        index(index);
      } else if (parsed instanceof DataStatement.Insert insert) {
        insert(insert, statement.source());
      } else {
        throw new IllegalArgumentException(sql);
      }
    }
    return this;
  }

  private void create(DefinitionStatement.CreateTable create, SourceText source) {
    List<TableColumn> columns = new ArrayList<>();
    List<SqlType> slots = new ArrayList<>();
    List<String> key = new ArrayList<>();
    List<TableConstraint> constraints = new ArrayList<>(create.constraints());
    for (var definition : create.columns()) {
      SqlType type = TypeNames.resolve(definition.type(), source);
      constraints.addAll(definition.constraints());
      columns.add(
          TableColumn.of(definition.name().name(), type, columns.size())
              .withNotNull(definition.notNull()));
      slots.add(type);
    }
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof TableConstraint.PrimaryKey primary) {
        primary.columns().forEach(column -> key.add(column.name()));
      }
    }
    List<IndexKey> cluster = new ArrayList<>();
    List<TableIndex> indexes = new ArrayList<>();
    for (String name : key) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          columns.set(i, columns.get(i).withNotNull(true));
          cluster.add(IndexKey.of(i, columns.get(i).type()));
        }
      }
    }
    String name = create.name().name();
    if (!cluster.isEmpty()) {
      indexes.add(
          new TableIndex(
              store.allocateKeyspace(),
              name + "_pkey",
              IndexType.BTREE,
              cluster,
              true,
              true,
              TableIndex.Constraint.PRIMARY_KEY,
              false,
              null,
              List.of(),
              false));
    }
    int keyspace = store.allocateKeyspace();
    catalog =
        catalog.with(
            new TableDefinition(
                keyspace, "public", name, keyspace, columns, slots, cluster, indexes, List.of(),
                List.of(), false, null, 1));
  }

  private void index(DefinitionStatement.CreateIndex create) {
    TableDefinition table = catalog.table(null, create.table().name());
    List<IndexKey> keys = new ArrayList<>();
    for (var item : create.keys()) {
      String name = ((dev.varve.query.ast.Expression.ColumnReference) item.expression()).name();
      int column = table.columnIndex(name);
      keys.add(
          new IndexKey(
              column,
              null,
              table.columns().get(column).type(),
              item.descending(),
              item.nullsFirst()));
    }
    TableIndex index =
        new TableIndex(
            store.allocateKeyspace(),
            java.util.Objects.requireNonNull(create.name()).name(),
            create.method().equalsIgnoreCase("hash") ? IndexType.HASH : IndexType.BTREE,
            keys,
            create.unique(),
            false,
            TableIndex.Constraint.NONE,
            false,
            null,
            List.of(),
            false);
    List<TableIndex> all = new ArrayList<>(table.indexes());
    all.add(index);
    TableDefinition changed = table.change().indexes(all).build();
    catalog = catalog.with(changed);
    List<Object[]> rows = new ArrayList<>();
    List<String> names = new ArrayList<>(table.columnNames());
    names.add("\"$rowkey\"");
    for (List<Object> row :
        datums("SELECT " + String.join(", ", names) + " FROM " + table.name(), planner)) {
      rows.add(row.toArray());
    }
    try (StoreTransaction tx = store.begin(TransactionOptions.defaults())) {
      for (Object[] row : rows) {
        java.nio.ByteBuffer key = (java.nio.ByteBuffer) row[row.length - 1];
        byte[] rowKey = new byte[key.remaining()];
        key.duplicate().get(rowKey);
        entry(tx, changed, index, row, rowKey);
      }
      tx.commit();
    }
  }

  private void entry(
      StoreTransaction tx, TableDefinition table, TableIndex index, Object[] row, byte[] rowKey) {
    TupleWriter writer = new TupleWriter();
    var codec = TableLayout.of(table).indexKeys(index);
    boolean hasNull = false;
    for (int i = 0; i < index.keys().size(); i++) {
      Object value = row[index.keys().get(i).column()];
      hasNull |= value == null;
      codec.write(i, value, writer);
    }
    if (index.type() == IndexType.HASH) {
      IndexEntryFormat.hash(writer);
    }
    byte[] value;
    if (index.unique() && !hasNull) {
      value = IndexEntryFormat.valueWithRowKey(rowKey, 0, rowKey.length);
    } else {
      writer.raw(rowKey, 0, rowKey.length);
      value = IndexEntryFormat.valueForSuffix(rowKey.length);
    }
    tx.keyspace(index.keyspace()).put(writer.toByteArray(), value);
  }

  private void insert(DataStatement.Insert insert, SourceText source) {
    TableDefinition table = catalog.table(null, insert.table().name());
    List<Target> targets = new ArrayList<>();
    table.columns().forEach(column -> targets.add(new Target(column.type(), column.name())));
    ParameterTypes parameters = new ParameterTypes();
    PhysicalQuery query =
        planner.plan(
            insert.source(),
            new PlanRequest(catalog, source, parameters, ZoneOffset.UTC, 0, List.of(), targets));
    RowWriter writer = new RowWriter(TableLayout.of(table).rows());
    try (StoreTransaction tx = store.begin(TransactionOptions.defaults());
        ExecutionContext context =
            new ExecutionContext(new EvaluationContext(), store, tx, 64 << 20)) {
      context.parameters(List.of(), query.handedDown());
      Keyspace keyspace = tx.keyspace(table.keyspace());
      try (Operator operator = query.operator(context)) {
        operator.open(context);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          Vector[] columns = new Vector[table.columns().size()];
          for (int i = 0; i < columns.length; i++) {
            columns[i] = batch.column(i);
          }
          for (int k = 0; k < batch.count(); k++) {
            int row = batch.row(k);
            writer.write(columns, row);
            keyspace.put(key(table, columns, row), writer.toByteArray());
          }
        }
      }
      tx.commit();
    }
  }

  /** Writes rows of datums to a table. */
  public Sandbox load(String name, Iterable<? extends List<?>> rows) {
    TableDefinition table = catalog.table(null, name);
    RowWriter writer = new RowWriter(TableLayout.of(table).rows());
    Vector[] columns = new Vector[table.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Vector.allocate(table.columns().get(i).type(), 1);
    }
    StoreTransaction tx = store.begin(TransactionOptions.defaults());
    int written = 0;
    for (List<?> row : rows) {
      for (int i = 0; i < columns.length; i++) {
        columns[i].reset();
        columns[i].setDatum(0, row.get(i));
      }
      writer.write(columns, 0);
      tx.keyspace(table.keyspace()).put(key(table, columns, 0), writer.toByteArray());
      if (++written % 50_000 == 0) {
        tx.commit();
        tx = store.begin(TransactionOptions.defaults());
      }
    }
    tx.commit();
    return this;
  }

  private byte[] key(TableDefinition table, Vector[] columns, int row) {
    TupleWriter writer = new TupleWriter();
    if (table.hasRowId()) {
      writer.fixed(nextRow++);
    } else {
      Vector[] key = new Vector[table.clusterKey().size()];
      for (int i = 0; i < key.length; i++) {
        key[i] = columns[table.clusterKey().get(i).column()];
      }
      TableLayout.of(table).clusterKey().write(key, row, writer);
    }
    return writer.toByteArray();
  }

  /** The rows of a query, each as its values' texts separated by bars. */
  public List<String> query(String sql, Object... parameters) {
    return query(PlannerOptions.DEFAULT, sql, parameters);
  }

  /** The rows of a query planned with options. */
  public List<String> query(PlannerOptions options, String sql, Object... parameters) {
    List<String> rows = new ArrayList<>();
    QueryPlanner restricted = planner.with(options);
    PhysicalQuery query = plan(restricted, sql);
    for (List<Object> row : datums(query, parameters)) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        Object datum = row.get(i);
        texts.add(
            datum == null
                ? "NULL"
                : TextOutput.text(datum, query.columns().get(i).type(), ZoneOffset.UTC));
      }
      rows.add(String.join("|", texts));
    }
    return rows;
  }

  /** The lines of EXPLAIN. */
  public List<String> explain(String sql) {
    return plan(planner, sql).explain();
  }

  /** The logical plan of a query after some passes. */
  LogicalPlan optimized(String sql, OptimizerOptions options) {
    ParsedStatement statement = Parser.parseOne(sql);
    Query query = ((Statement.QueryStatement) statement.statement()).query();
    return planner
        .with(new PlannerOptions(options, Set.of()))
        .optimized(query, request(statement.source()));
  }

  /** The lines of EXPLAIN ANALYZE. */
  public List<String> analyze(String sql) {
    PhysicalQuery query = plan(planner, sql);
    try (StoreSnapshot snapshot = store.snapshot();
        ExecutionContext context =
            new ExecutionContext(new EvaluationContext(), store, snapshot, workMemoryBytes)) {
      context.parameters(List.of(), query.handedDown());
      return query.analyze(context);
    }
  }

  PhysicalQuery plan(QueryPlanner with, String sql) {
    ParsedStatement statement = Parser.parseOne(sql);
    Query query = ((Statement.QueryStatement) statement.statement()).query();
    return with.plan(query, request(statement.source()));
  }

  PlanRequest request(SourceText source) {
    return new PlanRequest(
        catalog, source, new ParameterTypes(), ZoneOffset.UTC, 0, List.of(), List.of());
  }

  QueryPlanner planner() {
    return planner;
  }

  private List<List<Object>> datums(String sql, QueryPlanner with) {
    return datums(plan(with, sql));
  }

  private List<List<Object>> datums(PhysicalQuery query, Object... parameters) {
    List<List<Object>> rows = new ArrayList<>();
    try (StoreSnapshot snapshot = store.snapshot();
        ExecutionContext context =
            new ExecutionContext(new EvaluationContext(), store, snapshot, workMemoryBytes)) {
      context.parameters(Arrays.asList(parameters), query.handedDown());
      try (Operator operator = query.operator(context)) {
        operator.open(context);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          for (int k = 0; k < batch.count(); k++) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < batch.width(); i++) {
              row.add(batch.column(i).datum(batch.row(k)));
            }
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    store.close();
  }
}
