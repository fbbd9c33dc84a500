// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.DefinitionStatement.AlterSequence;
import dev.varve.query.ast.DefinitionStatement.AlterTable;
import dev.varve.query.ast.DefinitionStatement.Comment;
import dev.varve.query.ast.DefinitionStatement.CreateIndex;
import dev.varve.query.ast.DefinitionStatement.CreateSchema;
import dev.varve.query.ast.DefinitionStatement.CreateSequence;
import dev.varve.query.ast.DefinitionStatement.CreateTable;
import dev.varve.query.ast.DefinitionStatement.CreateTableAs;
import dev.varve.query.ast.DefinitionStatement.CreateView;
import dev.varve.query.ast.DefinitionStatement.Drop;
import dev.varve.query.ast.DefinitionStatement.ObjectKind;
import dev.varve.query.ast.DefinitionStatement.Rename;
import dev.varve.query.ast.DefinitionStatement.RenameColumn;
import dev.varve.query.ast.DefinitionStatement.RenameConstraint;
import dev.varve.query.ast.DefinitionStatement.SetSchema;
import dev.varve.query.ast.DefinitionStatement.Upkeep;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Statement;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.dml.StatementContext;
import java.util.ArrayList;
import java.util.List;

/** Executes definition statements in the transaction of a {@link StatementContext}. */
public final class DefinitionExecutor {
  private final DefinitionContext context;

  /** For one statement with the text {@code source}. */
  public DefinitionExecutor(StatementContext statement, SourceText source) {
    this.context = new DefinitionContext(statement, source);
  }

  /**
   * What a definition statement did.
   *
   * @param command as PostgreSQL's command tag
   * @param rows how many rows CREATE TABLE AS has written
   */
  public record Outcome(String command, long rows) {}

  /** Executes {@code statement}. */
  public Outcome execute(DefinitionStatement statement) {
    if (statement instanceof CreateTable create) {
      new TableCreation(context).create(create);
      return done("CREATE TABLE");
    } else if (statement instanceof CreateTableAs create) {
      long rows = new TableCreation(context).createAs(create);
      return rows < 0 ? done("CREATE TABLE AS") : new Outcome("SELECT", rows);
    } else if (statement instanceof CreateView create) {
      new ViewCreation(context).create(create);
      return done("CREATE VIEW");
    } else if (statement instanceof CreateIndex create) {
      new IndexCreation(context).create(create);
      return done("CREATE INDEX");
    } else if (statement instanceof CreateSequence create) {
      new SequenceCreation(context).create(create);
      return done("CREATE SEQUENCE");
    } else if (statement instanceof CreateSchema create) {
      createSchema(create);
      return done("CREATE SCHEMA");
    } else if (statement instanceof Drop drop) {
      new Dropping(context).drop(drop);
      return done("DROP " + drop.kind());
    } else if (statement instanceof Comment comment) {
      comment(comment);
      return done("COMMENT");
    } else if (statement instanceof Upkeep upkeep) {
      upkeep.tables().forEach(this::requireRelation);
      return done(upkeep.verb());
    }
    return alter(statement);
  }

  private Outcome alter(DefinitionStatement statement) {
    ObjectKind kind = ObjectKind.TABLE;
    if (statement instanceof AlterTable alter) {
      new TableAlteration(context).alter(alter);
    } else if (statement instanceof AlterSequence alter) {
      new SequenceCreation(context).alter(alter);
      kind = ObjectKind.SEQUENCE;
    } else if (statement instanceof Rename rename) {
      new Renaming(context).rename(rename);
      kind = rename.kind();
    } else if (statement instanceof RenameColumn rename) {
      new Renaming(context).renameColumn(rename);
      kind = rename.kind();
    } else if (statement instanceof RenameConstraint rename) {
      new Renaming(context).renameConstraint(rename);
    } else if (statement instanceof SetSchema set) {
      new Renaming(context).setSchema(set);
      kind = set.kind();
    }
    return done("ALTER " + kind);
  }

  private static Outcome done(String command) {
    return new Outcome(command, 0);
  }

  private void createSchema(CreateSchema create) {
    String name = create.name().name();
    if (context.catalog().hasSchema(name)) {
      if (create.ifNotExists()) {
        return;
      }
      throw context
          .error(
              ErrorCode.DUPLICATE_SCHEMA,
              create.name().span(),
              "schema \"" + name + "\" already exists")
          .build();
    }
    if (name.startsWith("pg_") || name.equals("information_schema")) {
      throw context
          .error(
              ErrorCode.RESERVED_NAME,
              create.name().span(),
              "unacceptable schema name \"" + name + "\"")
          .hint("The prefix \"pg_\" is reserved for system schemas.")
          .build();
    }
    context.define(context.catalog().withSchema(name));
    List<String> path = new ArrayList<>();
    path.add(name);
    path.addAll(context.catalog().searchPath());
    List<String> before = context.statement().searchPath();
    context.statement().searchPath(path);
    try {
      for (Statement element : create.elements()) {
        new DefinitionExecutor(context.statement(), context.source())
            .execute((DefinitionStatement) element);
      }
    } finally {
      context.statement().searchPath(before);
    }
  }

  private void requireRelation(QualifiedName name) {
    if (context.catalog().relation(name.schema(), name.name()) == null
        && context.catalog().tableOfIndex(name.schema(), name.name()) == null) {
      throw context.missing(name);
    }
  }

  private void comment(Comment comment) {
    QualifiedName name = comment.name();
    if (comment.kind() == ObjectKind.COLUMN && name.parts().size() > 1) {
      QualifiedName tableName =
          new QualifiedName(name.parts().subList(0, name.parts().size() - 1), name.span());
      TableDefinition table = context.table(tableName);
      int place = context.column(table, name.parts().get(name.parts().size() - 1));
      List<TableColumn> columns = new ArrayList<>(table.columns());
      columns.set(place, columns.get(place).withComment(comment.text()));
      context.define(table.change().columns(columns).build());
    } else if (comment.kind() == ObjectKind.TABLE) {
      TableDefinition table = context.table(name);
      context.define(table.change().comment(comment.text()).build());
    } else if (comment.kind() != ObjectKind.SCHEMA) {
      requireRelation(name);
    }
  }
}
