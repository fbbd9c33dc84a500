// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.DefinitionStatement.CheckOption;
import dev.varve.query.ast.DefinitionStatement.CreateView;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SourceText;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.dml.Defaults;
import dev.varve.query.parser.Parser;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** CREATE VIEW. */
final class ViewCreation {
  private final DefinitionContext context;

  ViewCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Creates or replaces a view; false when it was there already. */
  boolean create(CreateView statement) {
    QualifiedName name = statement.name();
    Set<Relation> read = new LinkedHashSet<>();
    String text = text(statement);
    PhysicalQuery query = plan(text, read);
    boolean temporary = statement.temporary() || read.stream().anyMatch(ViewCreation::isTemporary);
    String schema = context.schemaFor(name, temporary);
    Relation existing = context.catalog().relation(schema, name.name());
    if (context.isTaken(schema, name.name())) {
      if (statement.ifNotExists()) {
        return false;
      }
      if (!statement.orReplace()) {
        throw context.alreadyExists(name);
      }
    }
    List<String> columns = columns(query, statement);
    List<SqlType> types = new ArrayList<>();
    for (PlanColumn column : query.columns()) {
      types.add(DefinitionContext.settled(column.type()));
    }
    int id = existing == null ? context.newId() : existing.id();
    ViewDefinition view =
        new ViewDefinition(
            id,
            schema,
            name.name(),
            columns,
            types,
            text,
            context.catalog().searchPath(),
            read.stream().map(Relation::id).toList(),
            checkOption(statement.checkOption()),
            temporary,
            null);
    if (existing != null) {
      replace(existing, view, name);
    }
    context.define(view);
    return true;
  }

  private static boolean isTemporary(Relation relation) {
    return DefinitionContext.isTemporary(relation.schema());
  }

  private String text(CreateView statement) {
    String text = context.source().slice(statement.query().span());
    if (!statement.recursive()) {
      return text;
    }
    String name = Defaults.quote(statement.name().name());
    String columns =
        String.join(
            ", ",
            statement.columns().stream().map(column -> Defaults.quote(column.name())).toList());
    return "WITH RECURSIVE "
        + name
        + " ("
        + columns
        + ") AS ("
        + text
        + ") SELECT "
        + columns
        + " FROM "
        + name;
  }

  private PhysicalQuery plan(String text, Set<Relation> read) {
    SourceText source = new SourceText(text);
    Query query = Parser.parseQuery(text);
    return context
        .planning(source)
        .withCatalog(context.catalog().withListener(read::add))
        .plan(query, List.of(), List.of());
  }

  private List<String> columns(PhysicalQuery query, CreateView statement) {
    List<Identifier> given = statement.columns();
    if (given.size() > query.columns().size()) {
      throw context
          .error(
              ErrorCode.SYNTAX_ERROR,
              statement.name().span(),
              "CREATE VIEW specifies more column names than columns")
          .build();
    }
    List<String> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < query.columns().size(); i++) {
      String column = i < given.size() ? given.get(i).name() : query.columns().get(i).name();
      if (!seen.add(column)) {
        throw context
            .error(
                ErrorCode.DUPLICATE_COLUMN,
                statement.name().span(),
                "column \"" + column + "\" specified more than once")
            .build();
      }
      columns.add(column);
    }
    return columns;
  }

  private void replace(Relation existing, ViewDefinition view, QualifiedName name) {
    if (!(existing instanceof ViewDefinition before)) {
      String kind = existing instanceof TableDefinition ? "table" : "sequence";
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE,
              name.span(),
              "\"" + name.name() + "\" is a " + kind + ", not a view")
          .build();
    }
    if (view.columns().size() < before.columns().size()) {
      throw context
          .error(ErrorCode.INVALID_TABLE_DEFINITION, name.span(), "cannot drop columns from view")
          .build();
    }
    for (int i = 0; i < before.columns().size(); i++) {
      if (!before.columns().get(i).equals(view.columns().get(i))) {
        throw context
            .error(
                ErrorCode.INVALID_TABLE_DEFINITION,
                name.span(),
                "cannot change name of view column \""
                    + before.columns().get(i)
                    + "\" to \""
                    + view.columns().get(i)
                    + "\"")
            .hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.")
            .build();
      }
      if (!before.types().get(i).equals(view.types().get(i))) {
        throw context
            .error(
                ErrorCode.INVALID_TABLE_DEFINITION,
                name.span(),
                "cannot change data type of view column \""
                    + before.columns().get(i)
                    + "\" from "
                    + before.types().get(i)
                    + " to "
                    + view.types().get(i))
            .build();
      }
    }
    context.lock(existing);
  }

  private static ViewDefinition.CheckOption checkOption(CheckOption option) {
    return ViewDefinition.CheckOption.valueOf(option.name());
  }
}
