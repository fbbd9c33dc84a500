// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Spelling;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.Relation;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.parser.Parser;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.physical.PlanRequest;
import dev.varve.query.physical.QueryPlanner;
import dev.varve.query.transaction.RowIds;
import dev.varve.query.transaction.SequenceValues;
import dev.varve.query.transaction.SqlTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What planning and running a statement needs: the engine's services, the session's settings, the
 * transaction. One per session, pointed at one transaction after another. One thread at a time.
 */
public final class StatementContext {
  private final TransactionalStore store;
  private final QueryPlanner planner;
  private final SequenceValues sequences;
  private final RowIds rowIds;
  private final EvaluationContext evaluation;
  private final ExpressionCompiler compiler;
  private final long workMemoryBytes;
  private @Nullable SqlTransaction transaction;
  private List<String> searchPath = List.of(Catalog.PUBLIC);
  private String temporarySchema = Catalog.TEMPORARY_PREFIX + "0";
  private @Nullable Object[] parameters = {};
  private final Map<String, RowCollector> given = new HashMap<>();
  private @Nullable StoreReader source;

  /** A context over an engine's services for one session's expressions. */
  public StatementContext(
      TransactionalStore store,
      QueryPlanner planner,
      SequenceValues sequences,
      RowIds rowIds,
      EvaluationContext evaluation,
      long workMemoryBytes) {
    this.store = store;
    this.planner = planner;
    this.sequences = sequences;
    this.rowIds = rowIds;
    this.evaluation = evaluation;
    this.compiler = new ExpressionCompiler(evaluation);
    this.workMemoryBytes = workMemoryBytes;
  }

  public TransactionalStore store() {
    return store;
  }

  public SequenceValues sequences() {
    return sequences;
  }

  public RowIds rowIds() {
    return rowIds;
  }

  public EvaluationContext evaluation() {
    return evaluation;
  }

  /** Makes the statements that follow run in {@code current}. */
  public void enter(SqlTransaction current) {
    transaction = current;
  }

  /** Makes no transaction current. */
  public void leave() {
    transaction = null;
  }

  /** The current transaction. */
  public SqlTransaction transaction() {
    if (transaction == null) {
      throw ErrorCode.INTERNAL.error("A statement runs outside of any transaction.").build();
    }
    return transaction;
  }

  /** Sets the schemas in which names are looked up. */
  public void searchPath(List<String> path) {
    searchPath = List.copyOf(path);
  }

  /** The schemas in which names are looked up. */
  public List<String> searchPath() {
    return searchPath;
  }

  /** Sets the schema of the session's temporary tables. */
  public void temporarySchema(String schema) {
    temporarySchema = schema;
  }

  /** The schema of the session's temporary tables. */
  public String temporarySchema() {
    return temporarySchema;
  }

  /** The catalog of the current transaction. */
  public Catalog catalog() {
    return transaction().catalog().withSearchPath(searchPath);
  }

  /** Sets the values of the statement's parameters, as {@code Vector.datum} has them. */
  public void parameters(@Nullable Object[] values) {
    parameters = values;
    evaluation.parameters(values);
  }

  /** The values of the statement's parameters. */
  public @Nullable Object[] parameters() {
    return parameters;
  }

  // Planning.

  /** Starts to plan a statement with the text {@code source}. */
  public Planning planning(SourceText source, ParameterTypes types) {
    return new Planning(this, catalog(), source, types, List.of());
  }

  /** One statement while it is planned. */
  public record Planning(
      StatementContext context,
      Catalog catalog,
      SourceText source,
      ParameterTypes types,
      List<GivenTable> given) {

    /** The same statement over another catalog. */
    public Planning withCatalog(Catalog other) {
      return new Planning(context, other, source, types, given);
    }

    /** The same statement in another text, such as that of a view or default. */
    public Planning withSource(SourceText other) {
      return new Planning(context, catalog, other, types, given);
    }

    /** The same statement with parameters of its own. */
    public Planning withTypes(ParameterTypes other) {
      return new Planning(context, catalog, source, other, given);
    }

    /** The same statement, which can also name {@code table}. */
    public Planning withGiven(GivenTable table) {
      List<GivenTable> all = new ArrayList<>(given);
      all.add(table);
      return new Planning(context, catalog, source, types, List.copyOf(all));
    }

    /** An evaluator of a bound expression. */
    public Evaluator compile(dev.varve.query.expression.Expression bound) {
      return context.compiler.compile(bound);
    }

    private PlanRequest request(List<GivenTable> more, List<@Nullable Target> targets) {
      EvaluationContext evaluation = context.evaluation;
      List<GivenTable> all = new ArrayList<>(given);
      all.addAll(more);
      return new PlanRequest(
          catalog, source, types, evaluation.zone(), evaluation.transactionMicros(), all, targets);
    }

    /** Plans a query. */
    public PhysicalQuery plan(Query query, List<GivenTable> given, List<@Nullable Target> targets) {
      return context.planner.plan(query, request(given, targets));
    }

    /** Binds an expression over the columns of {@code scope} and compiles it. */
    public Evaluator evaluator(
        Expression expression, List<GivenTable> scope, @Nullable Target target) {
      return context.compiler.compile(bind(expression, scope, target));
    }

    /** Binds an expression over the columns of {@code scope}. */
    public dev.varve.query.expression.Expression bind(
        Expression expression, List<GivenTable> scope, @Nullable Target target) {
      return context.planner.bindScalar(expression, request(List.of(), List.of()), scope, target);
    }

    /** Parses, binds and compiles an expression that the catalog keeps as text. */
    public Evaluator evaluator(String text, List<GivenTable> scope, @Nullable Target target) {
      return withSource(new SourceText(text))
          .evaluator(Parser.parseExpression(text), scope, target);
    }

    /** The table, view or sequence that {@code name} means. */
    public Relation relation(QualifiedName name) {
      Relation relation = catalog.relation(name.schema(), name.name());
      if (relation == null) {
        throw Spelling.suggest(
                source.error(
                    ErrorCode.UNDEFINED_TABLE,
                    name.span(),
                    "relation \"" + name + "\" does not exist"),
                name.name(),
                catalog.visibleNames())
            .build();
      }
      return relation;
    }
  }

  // Running.

  /** A fresh execution in the current transaction, with the current parameters. */
  public ExecutionContext execution() {
    return execution(source == null ? transaction().reader() : source);
  }

  /** Makes queries read through {@code reader}; null means the transaction. */
  void readFrom(@Nullable StoreReader reader) {
    source = reader;
  }

  /** Supplies the rows that plans read under a name. */
  void given(String name, RowCollector rows) {
    given.put(name, rows);
  }

  void forgetGiven() {
    given.clear();
  }

  /** A fresh execution that reads through {@code reader}. */
  public ExecutionContext execution(StoreReader reader) {
    ExecutionContext execution = new ExecutionContext(evaluation, store, reader, workMemoryBytes);
    given.forEach((name, rows) -> execution.given(name, rows::operator));
    return execution;
  }
}
