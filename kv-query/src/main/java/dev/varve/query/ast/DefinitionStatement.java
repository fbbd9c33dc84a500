// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that changes the catalog. */
public sealed interface DefinitionStatement extends Statement {
  /** CREATE [TEMP] TABLE. */
  record CreateTable(
      QualifiedName name,
      boolean temporary,
      boolean ifNotExists,
      List<ColumnDefinition> columns,
      List<TableConstraint> constraints,
      List<LikeClause> like,
      Span span)
      implements DefinitionStatement {}

  /** LIKE table INCLUDING ..: the options in lower case. */
  record LikeClause(QualifiedName table, List<String> including, Span span) {}

  /** CREATE TABLE .. AS, also SELECT INTO. */
  record CreateTableAs(
      QualifiedName name,
      boolean temporary,
      boolean ifNotExists,
      List<Identifier> columns,
      Query query,
      boolean withData,
      Span span)
      implements DefinitionStatement {}

  /** CREATE [OR REPLACE] VIEW. */
  record CreateView(
      QualifiedName name,
      boolean temporary,
      boolean orReplace,
      boolean ifNotExists,
      boolean recursive,
      List<Identifier> columns,
      Query query,
      CheckOption checkOption,
      Span span)
      implements DefinitionStatement {}

  /** WITH CHECK OPTION of a view. */
  enum CheckOption {
    NONE,
    LOCAL,
    CASCADED
  }

  /** CREATE [UNIQUE] INDEX. */
  record CreateIndex(
      @Nullable Identifier name,
      boolean unique,
      boolean ifNotExists,
      QualifiedName table,
      String method,
      List<SortItem> keys,
      List<Identifier> include,
      boolean nullsNotDistinct,
      @Nullable Expression where,
      Span span)
      implements DefinitionStatement {}

  /** CREATE SCHEMA; {@code elements} are the statements it contains. */
  record CreateSchema(Identifier name, boolean ifNotExists, List<Statement> elements, Span span)
      implements DefinitionStatement {}

  /** CREATE SEQUENCE. */
  record CreateSequence(
      QualifiedName name,
      boolean temporary,
      boolean ifNotExists,
      SequenceOptions options,
      Span span)
      implements DefinitionStatement {}

  /** ALTER SEQUENCE with options. */
  record AlterSequence(QualifiedName name, boolean ifExists, SequenceOptions options, Span span)
      implements DefinitionStatement {}

  /** DROP of one or more objects of a kind. */
  record Drop(
      ObjectKind kind, List<QualifiedName> names, boolean ifExists, boolean cascade, Span span)
      implements DefinitionStatement {}

  /** ALTER TABLE with one or more actions. */
  record AlterTable(QualifiedName table, boolean ifExists, List<AlterAction> actions, Span span)
      implements DefinitionStatement {}

  /** ALTER .. RENAME TO. */
  record Rename(
      ObjectKind kind, QualifiedName name, boolean ifExists, Identifier newName, Span span)
      implements DefinitionStatement {}

  /** ALTER TABLE or VIEW .. RENAME [COLUMN] a TO b. */
  record RenameColumn(
      ObjectKind kind,
      QualifiedName table,
      boolean ifExists,
      Identifier column,
      Identifier newName,
      Span span)
      implements DefinitionStatement {}

  /** ALTER TABLE .. RENAME CONSTRAINT a TO b. */
  record RenameConstraint(
      QualifiedName table, boolean ifExists, Identifier constraint, Identifier newName, Span span)
      implements DefinitionStatement {}

  /** ALTER .. SET SCHEMA. */
  record SetSchema(
      ObjectKind kind, QualifiedName name, boolean ifExists, Identifier schema, Span span)
      implements DefinitionStatement {}

  /** COMMENT ON; the text is null for IS NULL. */
  record Comment(ObjectKind kind, QualifiedName name, @Nullable String text, Span span)
      implements DefinitionStatement {}

  /** ANALYZE, VACUUM, REINDEX, CHECKPOINT: upkeep that the engine mostly does by itself. */
  record Upkeep(String verb, List<QualifiedName> tables, Span span)
      implements DefinitionStatement {}

  /** What can be created, altered, dropped. */
  enum ObjectKind {
    TABLE,
    VIEW,
    INDEX,
    SEQUENCE,
    SCHEMA,
    COLUMN
  }

  /** One action of ALTER TABLE. */
  sealed interface AlterAction {
    /** The text it was read from. */
    Span span();

    /** ADD [COLUMN]. */
    record AddColumn(ColumnDefinition column, boolean ifNotExists, Span span)
        implements AlterAction {}

    /** DROP [COLUMN]. */
    record DropColumn(Identifier column, boolean ifExists, boolean cascade, Span span)
        implements AlterAction {}

    /** ALTER [COLUMN] .. SET DEFAULT, or DROP DEFAULT when the value is null. */
    record ColumnDefault(Identifier column, @Nullable Expression value, Span span)
        implements AlterAction {}

    /** ALTER [COLUMN] .. SET or DROP NOT NULL. */
    record ColumnNotNull(Identifier column, boolean notNull, Span span) implements AlterAction {}

    /** ALTER [COLUMN] .. TYPE. */
    record ColumnType(Identifier column, TypeName type, @Nullable Expression using, Span span)
        implements AlterAction {}

    /** ALTER [COLUMN] .. ADD GENERATED .. AS IDENTITY. */
    record AddIdentity(Identifier column, ColumnDefinition.Identity identity, Span span)
        implements AlterAction {}

    /** ALTER [COLUMN] .. DROP IDENTITY. */
    record DropIdentity(Identifier column, boolean ifExists, Span span) implements AlterAction {}

    /** ALTER [COLUMN] .. SET GENERATED, RESTART and the options of its sequence. */
    record AlterIdentity(
        Identifier column, @Nullable Boolean always, SequenceOptions options, Span span)
        implements AlterAction {}

    /** ADD a constraint. */
    record AddConstraint(TableConstraint constraint, Span span) implements AlterAction {}

    /** DROP CONSTRAINT. */
    record DropConstraint(Identifier name, boolean ifExists, boolean cascade, Span span)
        implements AlterAction {}

    /** Storage parameters, triggers and the like, which mean nothing here. */
    record NoEffect(Span span) implements AlterAction {}

    /** VALIDATE CONSTRAINT. */
    record ValidateConstraint(Identifier name, Span span) implements AlterAction {}
  }
}
