// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.SessionStatement;
import dev.varve.query.ast.Statement;
import dev.varve.query.dml.Syntax;
import dev.varve.query.parser.ParsedStatement;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SET, SHOW, PREPARE, EXECUTE and their kin. */
final class SessionCommands {
  private final SessionSettings settings;
  private final TransactionBlock block;
  private final StatementCache statements;
  private final StatementExecution execution;

  SessionCommands(
      SessionSettings settings,
      TransactionBlock block,
      StatementCache statements,
      StatementExecution execution) {
    this.settings = settings;
    this.block = block;
    this.statements = statements;
    this.execution = execution;
  }

  Result execute(
      SessionStatement statement, PlannedStatement planned, @Nullable Object[] parameters) {
    if (statement instanceof SessionStatement.SetVariable set) {
      set(set);
      return done("SET");
    } else if (statement instanceof SessionStatement.ResetVariable reset) {
      if (reset.name() == null) {
        settings.reset();
      } else {
        settings.set(reset.name(), List.of());
      }
      return done("RESET");
    } else if (statement instanceof SessionStatement.ShowVariable show) {
      return show(show, planned);
    } else if (statement instanceof SessionStatement.Prepare prepare) {
      prepare(prepare, planned);
      return done("PREPARE");
    } else if (statement instanceof SessionStatement.Execute execute) {
      return execute(execute, planned, parameters);
    } else if (statement instanceof SessionStatement.Deallocate deallocate) {
      if (deallocate.name() == null) {
        statements.forgetNames();
      } else {
        statements.forget(deallocate.name().name());
      }
      return done(deallocate.name() == null ? "DEALLOCATE ALL" : "DEALLOCATE");
    }
    SessionStatement.Discard discard = (SessionStatement.Discard) statement;
    discard(discard);
    return done("DISCARD " + discard.target());
  }

  private static Result done(String command) {
    return new Result(command, null, 0);
  }

  private void set(SessionStatement.SetVariable set) {
    if (set.name().equals(SessionSettings.ISOLATION)
        || set.name().equals(SessionSettings.READ_ONLY)) {
      throw ErrorCode.NOT_SUPPORTED
          .error("parameter \"" + set.name() + "\" cannot be set by SET")
          .hint("Use SET TRANSACTION.")
          .build();
    }
    settings.set(set.name(), set.values());
  }

  private Result show(SessionStatement.ShowVariable show, PlannedStatement planned) {
    List<PlanColumn> columns = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    if (show.name().equals("all")) {
      columns.add(new PlanColumn(0, "name", SqlType.TEXT, false));
      columns.add(new PlanColumn(1, "setting", SqlType.TEXT, false));
      for (Map.Entry<String, String> each : settings.all().entrySet()) {
        rows.add(List.of(each.getKey(), each.getValue()));
      }
    } else {
      columns.add(new PlanColumn(0, show.name(), SqlType.TEXT, false));
      rows.add(List.of(value(show.name())));
    }
    return new Result("SHOW", StatementRunner.rows(columns, planned.context(), rows), 0);
  }

  private String value(String name) {
    return switch (name) {
      case SessionSettings.ISOLATION ->
          block.isolation().name().replace('_', ' ').toLowerCase(Locale.ROOT);
      case SessionSettings.READ_ONLY ->
          block.isOpen() && !block.transaction().isWritable() ? "on" : "off";
      default -> settings.show(name);
    };
  }

  private void prepare(SessionStatement.Prepare prepare, PlannedStatement planned) {
    ParsedStatement parsed =
        new ParsedStatement(
            prepare.statement(), planned.parsed().parameterCount(), planned.parsed().source());
    PlannedStatement named = statements.planned(parsed);
    execution.plan(named);
    statements.name(prepare.name().name(), named);
  }

  private Result execute(
      SessionStatement.Execute execute, PlannedStatement planned, @Nullable Object[] parameters) {
    PlannedStatement named = statements.named(execute.name().name());
    int wanted = named.parsed().parameterCount();
    if (execute.arguments().size() != wanted) {
      throw ErrorCode.SYNTAX_ERROR
          .error("wrong number of parameters for prepared statement \"" + execute.name() + "\"")
          .fact("expected", wanted)
          .fact("given", execute.arguments().size())
          .build();
    }
    @Nullable Object[] arguments =
        wanted == 0 ? new Object[0] : arguments(execute, planned, parameters);
    PlannedStatement run = named.isBusy() ? statements.copy(named) : named;
    return execution.execute(run, arguments);
  }

  /** Evaluates the arguments, which may be any expressions, as a row of their own. */
  private @Nullable Object[] arguments(
      SessionStatement.Execute execute, PlannedStatement planned, @Nullable Object[] parameters) {
    List<QueryBody.SelectItem> items = new ArrayList<>();
    for (Expression argument : execute.arguments()) {
      items.add(Syntax.output(argument));
    }
    Statement row =
        new Statement.QueryStatement(Syntax.select(items, List.of(), null), execute.span());
    ParsedStatement parsed =
        new ParsedStatement(row, planned.parsed().parameterCount(), planned.parsed().source());
    @Nullable Object[] values = new @Nullable Object[items.size()];
    try (Result result = execution.execute(statements.planned(parsed), parameters)) {
      for (dev.varve.Row each : SqlSession.requireRows(result)) {
        for (int i = 0; i < values.length; i++) {
          values[i] = each.getObject(i);
        }
      }
    }
    return values;
  }

  private void discard(SessionStatement.Discard discard) {
    switch (discard.target()) {
      case "ALL" -> {
        if (block.isOpen()) {
          throw ErrorCode.ACTIVE_TRANSACTION
              .error("DISCARD ALL cannot run inside a transaction block")
              .build();
        }
        settings.reset();
        statements.forgetNames();
        statements.dropTemporaries();
      }
      case "TEMP", "TEMPORARY" -> statements.dropTemporaries();
      case "PLANS", "SEQUENCES" -> {}
      default ->
          throw ErrorCode.SYNTAX_ERROR
              .error("syntax error at or near \"" + discard.target() + "\"")
              .build();
    }
  }
}
