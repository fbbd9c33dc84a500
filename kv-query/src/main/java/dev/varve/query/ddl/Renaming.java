// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.DefinitionStatement.ObjectKind;
import dev.varve.query.ast.DefinitionStatement.Rename;
import dev.varve.query.ast.DefinitionStatement.RenameColumn;
import dev.varve.query.ast.DefinitionStatement.RenameConstraint;
import dev.varve.query.ast.DefinitionStatement.SetSchema;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.CheckConstraint;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.ViewDefinition;
import dev.varve.query.parser.Parser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RENAME and SET SCHEMA; texts that the catalog keeps follow suit. */
final class Renaming {
  private final DefinitionContext context;

  Renaming(DefinitionContext context) {
    this.context = context;
  }

  void rename(Rename statement) {
    if (statement.kind() == ObjectKind.INDEX) {
      renameIndex(statement);
      return;
    }
    if (statement.kind() == ObjectKind.SCHEMA) {
      renameSchema(statement);
      return;
    }
    Relation relation = find(statement.name(), statement.ifExists());
    if (relation == null) {
      return;
    }
    refuseOtherKind(statement.kind(), relation, statement.name());
    String name = statement.newName().name();
    if (context.isTaken(relation.schema(), name)) {
      throw context
          .error(
              ErrorCode.DUPLICATE_TABLE,
              statement.newName().span(),
              "relation \"" + name + "\" already exists")
          .build();
    }
    context.lock(relation);
    move(relation, relation.schema(), name);
  }

  void setSchema(SetSchema statement) {
    Relation relation = find(statement.name(), statement.ifExists());
    if (relation == null) {
      return;
    }
    refuseOtherKind(statement.kind(), relation, statement.name());
    String schema = statement.schema().name();
    context.requireSchema(schema, statement.schema().span());
    if (schema.equals(relation.schema())) {
      return;
    }
    if (context.isTaken(schema, relation.name())) {
      throw context
          .error(
              ErrorCode.DUPLICATE_TABLE,
              statement.name().span(),
              "relation \"" + relation.name() + "\" already exists in schema \"" + schema + "\"")
          .build();
    }
    context.lock(relation);
    move(relation, schema, relation.name());
  }

  private @Nullable Relation find(QualifiedName name, boolean ifExists) {
    Relation relation = context.catalog().relation(name.schema(), name.name());
    if (relation == null && !ifExists) {
      throw context.missing(name);
    }
    return relation;
  }

  private void refuseOtherKind(ObjectKind kind, Relation relation, QualifiedName name) {
    boolean fits =
        switch (kind) {
          case VIEW -> relation instanceof ViewDefinition;
          case SEQUENCE -> relation instanceof SequenceDefinition;
          default -> true;
        };
    if (!fits) {
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE,
              name.span(),
              "\"" + name.name() + "\" is not a " + kind.name().toLowerCase(java.util.Locale.ROOT))
          .build();
    }
  }

  private void move(Relation relation, String schema, String name) {
    List<ViewDefinition> views = context.catalog().viewsOver(relation.id());
    Relation moved;
    if (relation instanceof TableDefinition table) {
      moved = table.change().schema(schema).name(name).build();
    } else if (relation instanceof ViewDefinition view) {
      moved = withName(view, schema, name);
    } else {
      moved = SequenceCreation.withName((SequenceDefinition) relation, schema, name);
    }
    Catalog after = context.catalog().with(moved);
    if (!schema.equals(relation.schema())) {
      after = withOwnedMoved(after, relation, schema);
    }
    context.define(withViews(after, views, relation.name(), name));
  }

  private static Catalog withOwnedMoved(Catalog catalog, Relation owner, String schema) {
    Catalog changed = catalog;
    for (Relation each : catalog.relations()) {
      if (each instanceof SequenceDefinition sequence && sequence.ownerTable() == owner.id()) {
        changed = changed.with(SequenceCreation.withName(sequence, schema, sequence.name()));
      }
    }
    return changed;
  }

  private static ViewDefinition withName(ViewDefinition view, String schema, String name) {
    return new ViewDefinition(
        view.id(),
        schema,
        name,
        view.columns(),
        view.types(),
        view.queryText(),
        view.searchPath(),
        view.dependencies(),
        view.checkOption(),
        view.temporary(),
        view.comment());
  }

  private static ViewDefinition withText(ViewDefinition view, String text) {
    return new ViewDefinition(
        view.id(),
        view.schema(),
        view.name(),
        view.columns(),
        view.types(),
        text,
        view.searchPath(),
        view.dependencies(),
        view.checkOption(),
        view.temporary(),
        view.comment());
  }

  /** The catalog with the texts of views changed, of those that do not fit any more as they are. */
  private Catalog withViews(
      Catalog after, List<ViewDefinition> views, String name, String newName) {
    ViewDependency dependency = new ViewDependency(context);
    Catalog changed = after;
    for (ViewDefinition view : views) {
      if (dependency.fits(view, changed)) {
        continue;
      }
      ViewDefinition renamed = withText(view, Parser.rename(view.queryText(), name, newName));
      if (!dependency.fits(renamed, changed)) {
        throw ErrorCode.DEPENDENT_OBJECTS
            .error("cannot rename \"" + name + "\" because a view depends on it")
            .fact("view", view.name())
            .hint("Drop the view and create it again afterwards.")
            .build();
      }
      changed = changed.with(renamed);
    }
    return changed;
  }

  private void renameIndex(Rename statement) {
    QualifiedName name = statement.name();
    TableDefinition table = context.catalog().tableOfIndex(name.schema(), name.name());
    if (table == null) {
      if (statement.ifExists()) {
        return;
      }
      throw context.missing(name);
    }
    if (context.isTaken(table.schema(), statement.newName().name())) {
      throw context
          .error(
              ErrorCode.DUPLICATE_TABLE,
              statement.newName().span(),
              "relation \"" + statement.newName() + "\" already exists")
          .build();
    }
    context.lock(table);
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.replaceAll(
        index ->
            index.name().equals(name.name()) ? index.withName(statement.newName().name()) : index);
    context.define(table.change().indexes(indexes).build());
  }

  private void renameSchema(Rename statement) {
    String schema = statement.name().name();
    String newName = statement.newName().name();
    context.requireSchema(schema, statement.name().span());
    if (context.catalog().hasSchema(newName)) {
      throw context
          .error(
              ErrorCode.DUPLICATE_SCHEMA,
              statement.newName().span(),
              "schema \"" + newName + "\" already exists")
          .build();
    }
    context.define(context.catalog().withSchema(newName));
    for (Relation relation : List.copyOf(context.catalog().relations(schema))) {
      Relation current = context.catalog().relation(relation.id());
      if (current != null && current.schema().equals(schema)) {
        context.lock(current);
        move(current, newName, current.name());
      }
    }
    context.define(context.catalog().withoutSchema(schema));
  }

  // Columns.

  void renameColumn(RenameColumn statement) {
    Relation relation = find(statement.table(), statement.ifExists());
    if (relation == null) {
      return;
    }
    if (relation instanceof ViewDefinition view) {
      renameViewColumn(view, statement);
      return;
    }
    if (!(relation instanceof TableDefinition table)) {
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE,
              statement.table().span(),
              "\"" + statement.table().name() + "\" is not a table")
          .build();
    }
    int place = context.column(table, statement.column());
    Identifier newName = statement.newName();
    if (table.columnIndex(newName.name()) >= 0) {
      throw duplicateColumn(table.name(), newName);
    }
    context.lock(table);
    List<ViewDefinition> views = context.catalog().viewsOver(table.id());
    String name = statement.column().name();
    TableDefinition renamed = renamed(table, place, name, newName.name());
    Catalog after = context.catalog().with(renamed);
    for (Relation each : after.relations()) {
      if (each instanceof SequenceDefinition sequence
          && sequence.ownerTable() == table.id()
          && sequence.ownerColumn().equals(name)) {
        after = after.with(SequenceCreation.withOwner(sequence, table.id(), newName.name()));
      }
    }
    context.define(withViews(after, views, name, newName.name()));
  }

  private dev.varve.VarveException duplicateColumn(String relation, Identifier name) {
    return context
        .error(
            ErrorCode.DUPLICATE_COLUMN,
            name.span(),
            "column \"" + name + "\" of relation \"" + relation + "\" already exists")
        .build();
  }

  private static TableDefinition renamed(
      TableDefinition table, int place, String name, String newName) {
    List<TableColumn> columns = new ArrayList<>();
    for (TableColumn column : table.columns()) {
      String generated = column.generatedText();
      columns.add(
          generated == null
              ? column
              : column.withGenerated(Parser.rename(generated, name, newName)));
    }
    columns.set(place, columns.get(place).withName(newName));
    List<CheckConstraint> checks = new ArrayList<>();
    for (CheckConstraint check : table.checks()) {
      checks.add(new CheckConstraint(check.name(), Parser.rename(check.text(), name, newName)));
    }
    List<TableIndex> indexes = new ArrayList<>();
    for (TableIndex index : table.indexes()) {
      List<IndexKey> keys = new ArrayList<>();
      for (IndexKey key : index.keys()) {
        String text = key.expressionText();
        keys.add(
            text == null
                ? key
                : new IndexKey(
                    -1,
                    Parser.rename(text, name, newName),
                    key.type(),
                    key.descending(),
                    key.nullsFirst()));
      }
      String predicate = index.predicateText();
      indexes.add(
          index
              .withKeys(keys, index.includes())
              .withPredicate(predicate == null ? null : Parser.rename(predicate, name, newName)));
    }
    return table.change().columns(columns).checks(checks).indexes(indexes).build();
  }

  private void renameViewColumn(ViewDefinition view, RenameColumn statement) {
    List<String> columns = new ArrayList<>(view.columns());
    int place = columns.indexOf(statement.column().name());
    if (place < 0) {
      throw context
          .error(
              ErrorCode.UNDEFINED_COLUMN,
              statement.column().span(),
              "column \"" + statement.column() + "\" does not exist")
          .build();
    }
    if (columns.contains(statement.newName().name())) {
      throw duplicateColumn(view.name(), statement.newName());
    }
    columns.set(place, statement.newName().name());
    context.lock(view);
    context.define(
        new ViewDefinition(
            view.id(),
            view.schema(),
            view.name(),
            columns,
            view.types(),
            view.queryText(),
            view.searchPath(),
            view.dependencies(),
            view.checkOption(),
            view.temporary(),
            view.comment()));
  }

  void renameConstraint(RenameConstraint statement) {
    TableDefinition table = context.table(statement.table(), statement.ifExists());
    if (table == null) {
      return;
    }
    String name = statement.constraint().name();
    String newName = statement.newName().name();
    List<String> names = ConstraintCreation.names(table);
    if (!names.contains(name)) {
      throw new ConstraintDropping(context).missing(table, statement.constraint());
    }
    if (names.contains(newName)) {
      throw new ConstraintCreation(context).duplicate(table, newName, statement.newName().span());
    }
    context.lock(table);
    List<CheckConstraint> checks = new ArrayList<>(table.checks());
    checks.replaceAll(
        check -> check.name().equals(name) ? new CheckConstraint(newName, check.text()) : check);
    List<ForeignKey> keys = new ArrayList<>(table.foreignKeys());
    keys.replaceAll(key -> key.name().equals(name) ? key.withName(newName) : key);
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.replaceAll(index -> index.name().equals(name) ? index.withName(newName) : index);
    context.define(table.change().checks(checks).foreignKeys(keys).indexes(indexes).build());
  }
}
