// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.IndexType;
import dev.varve.query.ast.TableConstraint.ReferentialAction;
import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Relations to bytes and back, as {@link CatalogFormat} says. */
final class RelationCodec {
  private RelationCodec() {}

  static byte[] encode(Relation relation) {
    DefinitionOutput out = new DefinitionOutput();
    if (relation instanceof TableDefinition table) {
      out.writeByte(CatalogFormat.TABLE);
      out.writeByte(CatalogFormat.FORMAT);
      writeTable(out, table);
    } else if (relation instanceof ViewDefinition view) {
      out.writeByte(CatalogFormat.VIEW);
      out.writeByte(CatalogFormat.FORMAT);
      writeView(out, view);
    } else {
      out.writeByte(CatalogFormat.SEQUENCE);
      out.writeByte(CatalogFormat.FORMAT);
      writeSequence(out, (SequenceDefinition) relation);
    }
    return out.toBytes();
  }

  static Relation decode(byte[] key, byte[] value) {
    DefinitionInput in = new DefinitionInput(key, value);
    return in.read(
        () -> {
          int kind = in.readByte();
          if (in.readByte() != CatalogFormat.FORMAT) {
            throw in.corrupt(null);
          }
          return switch (kind) {
            case CatalogFormat.TABLE -> readTable(in);
            case CatalogFormat.VIEW -> readView(in);
            case CatalogFormat.SEQUENCE -> readSequence(in);
            default -> throw in.corrupt(null);
          };
        });
  }

  private static void writeTable(DefinitionOutput out, TableDefinition table) {
    out.writeLong(table.id());
    out.writeText(table.schema());
    out.writeText(table.name());
    out.writeLong(table.keyspace());
    out.writeList(table.columns(), column -> writeColumn(out, column));
    out.writeList(table.slots(), out::writeType);
    out.writeList(table.clusterKey(), key -> writeKey(out, key));
    out.writeList(table.indexes(), index -> writeIndex(out, index));
    out.writeList(
        table.checks(),
        check -> {
          out.writeText(check.name());
          out.writeText(check.text());
        });
    out.writeList(table.foreignKeys(), key -> writeForeignKey(out, key));
    out.writeBoolean(table.temporary());
    out.writeText(table.comment());
    out.writeLong(table.version());
  }

  private static TableDefinition readTable(DefinitionInput in) {
    int id = in.readInt();
    String schema = in.readText();
    String name = in.readText();
    int keyspace = in.readInt();
    List<TableColumn> columns = in.readList(() -> readColumn(in));
    List<SqlType> slots = in.readList(in::readType);
    List<IndexKey> clusterKey = in.readList(() -> readKey(in));
    List<TableIndex> indexes = in.readList(() -> readIndex(in));
    List<CheckConstraint> checks =
        in.readList(() -> new CheckConstraint(in.readText(), in.readText()));
    List<ForeignKey> foreignKeys = in.readList(() -> readForeignKey(in));
    boolean temporary = in.readBoolean();
    @Nullable String comment = in.readTextOrNull();
    return new TableDefinition(
        id,
        schema,
        name,
        keyspace,
        columns,
        slots,
        clusterKey,
        indexes,
        checks,
        foreignKeys,
        temporary,
        comment,
        in.readLong());
  }

  private static void writeColumn(DefinitionOutput out, TableColumn column) {
    out.writeText(column.name());
    out.writeType(column.type());
    out.writeLong(column.slot());
    out.writeBoolean(column.notNull());
    out.writeText(column.defaultText());
    out.writeEnum(column.identity());
    out.writeText(column.generatedText());
    out.writeLong(column.sequence());
    out.writeText(column.comment());
  }

  private static TableColumn readColumn(DefinitionInput in) {
    return new TableColumn(
        in.readText(),
        in.readType(),
        in.readInt(),
        in.readBoolean(),
        in.readTextOrNull(),
        in.readEnum(TableColumn.Identity.class),
        in.readTextOrNull(),
        in.readInt(),
        in.readTextOrNull());
  }

  private static void writeKey(DefinitionOutput out, IndexKey key) {
    out.writeLong(key.column());
    out.writeText(key.expressionText());
    out.writeType(key.type());
    out.writeBoolean(key.descending());
    out.writeBoolean(key.nullsFirst());
  }

  private static IndexKey readKey(DefinitionInput in) {
    return new IndexKey(
        in.readInt(), in.readTextOrNull(), in.readType(), in.readBoolean(), in.readBoolean());
  }

  private static void writeIndex(DefinitionOutput out, TableIndex index) {
    out.writeLong(index.id());
    out.writeText(index.name());
    out.writeEnum(index.type());
    out.writeList(index.keys(), key -> writeKey(out, key));
    out.writeBoolean(index.unique());
    out.writeBoolean(index.clustered());
    out.writeEnum(index.constraint());
    out.writeBoolean(index.nullsNotDistinct());
    out.writeText(index.predicateText());
    out.writeInts(index.includes());
    out.writeBoolean(index.building());
  }

  private static TableIndex readIndex(DefinitionInput in) {
    return new TableIndex(
        in.readInt(),
        in.readText(),
        in.readEnum(IndexType.class),
        in.readList(() -> readKey(in)),
        in.readBoolean(),
        in.readBoolean(),
        in.readEnum(TableIndex.Constraint.class),
        in.readBoolean(),
        in.readTextOrNull(),
        in.readInts(),
        in.readBoolean());
  }

  private static void writeForeignKey(DefinitionOutput out, ForeignKey key) {
    out.writeText(key.name());
    out.writeInts(key.columns());
    out.writeLong(key.referencedTable());
    out.writeInts(key.referencedColumns());
    out.writeLong(key.referencedIndex());
    out.writeBoolean(key.matchFull());
    out.writeEnum(key.onDelete());
    out.writeInts(key.deleteColumns());
    out.writeEnum(key.onUpdate());
    out.writeBoolean(key.deferrable());
    out.writeBoolean(key.initiallyDeferred());
  }

  private static ForeignKey readForeignKey(DefinitionInput in) {
    return new ForeignKey(
        in.readText(),
        in.readInts(),
        in.readInt(),
        in.readInts(),
        in.readInt(),
        in.readBoolean(),
        in.readEnum(ReferentialAction.class),
        in.readInts(),
        in.readEnum(ReferentialAction.class),
        in.readBoolean(),
        in.readBoolean());
  }

  private static void writeView(DefinitionOutput out, ViewDefinition view) {
    out.writeLong(view.id());
    out.writeText(view.schema());
    out.writeText(view.name());
    out.writeList(view.columns(), out::writeText);
    out.writeList(view.types(), out::writeType);
    out.writeText(view.queryText());
    out.writeList(view.searchPath(), out::writeText);
    out.writeInts(view.dependencies());
    out.writeEnum(view.checkOption());
    out.writeBoolean(view.temporary());
    out.writeText(view.comment());
  }

  private static ViewDefinition readView(DefinitionInput in) {
    return new ViewDefinition(
        in.readInt(),
        in.readText(),
        in.readText(),
        in.readList(in::readText),
        in.readList(in::readType),
        in.readText(),
        in.readList(in::readText),
        in.readInts(),
        in.readEnum(ViewDefinition.CheckOption.class),
        in.readBoolean(),
        in.readTextOrNull());
  }

  private static void writeSequence(DefinitionOutput out, SequenceDefinition sequence) {
    out.writeLong(sequence.id());
    out.writeText(sequence.schema());
    out.writeText(sequence.name());
    out.writeType(sequence.type());
    out.writeLong(sequence.start());
    out.writeLong(sequence.increment());
    out.writeLong(sequence.minValue());
    out.writeLong(sequence.maxValue());
    out.writeLong(sequence.cache());
    out.writeBoolean(sequence.cycle());
    out.writeLong(sequence.ownerTable());
    out.writeText(sequence.ownerColumn());
    out.writeBoolean(sequence.temporary());
  }

  private static SequenceDefinition readSequence(DefinitionInput in) {
    return new SequenceDefinition(
        in.readInt(),
        in.readText(),
        in.readText(),
        in.readType(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readInt(),
        in.readText(),
        in.readBoolean());
  }
}
