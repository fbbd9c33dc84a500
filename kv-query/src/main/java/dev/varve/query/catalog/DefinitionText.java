// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements that would make the catalog again, in an order in which they can be run: what others
 * need comes first, foreign keys and views come after the rows. Names are always quoted.
 */
public final class DefinitionText {
  /** When a statement is to be run; rows belong between {@link #TABLE} and {@link #VALUE}. */
  public enum Phase {
    SCHEMA,
    SEQUENCE,
    TABLE,
    VALUE,
    INDEX,
    FOREIGN_KEY,
    VIEW
  }

  /**
   * One statement.
   *
   * @param schema of the object
   * @param name of the object
   */
  public record Definition(Phase phase, String schema, String name, String statement) {}

  private final Catalog catalog;
  private final List<Definition> definitions = new ArrayList<>();

  private DefinitionText(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The statements, ordered by phase. Temporary objects are left out. */
  public static List<Definition> of(Catalog catalog) {
    DefinitionText text = new DefinitionText(catalog);
    for (String schema : catalog.schemas()) {
      if (!schema.equals(Catalog.PUBLIC) && !schema.startsWith(Catalog.TEMPORARY_PREFIX)) {
        text.add(Phase.SCHEMA, schema, schema, "CREATE SCHEMA " + quoted(schema));
      }
    }
    catalog.relations().stream()
        .sorted(Comparator.comparingInt(Relation::id))
        .forEach(text::relation);
    text.definitions.sort(Comparator.comparing(Definition::phase));
    return text.definitions;
  }

  private void add(Phase phase, String schema, String name, String statement) {
    definitions.add(new Definition(phase, schema, name, statement));
  }

  private void relation(Relation relation) {
    if (relation instanceof TableDefinition table && !table.temporary()) {
      table(table);
    } else if (relation instanceof ViewDefinition view && !view.temporary()) {
      view(view);
    } else if (relation instanceof SequenceDefinition sequence
        && !sequence.temporary()
        && sequence.ownerTable() == 0) {
      add(
          Phase.SEQUENCE,
          sequence.schema(),
          sequence.name(),
          "CREATE SEQUENCE " + name(sequence) + " AS " + sequence.type() + options(sequence));
    }
  }

  private void view(ViewDefinition view) {
    String check =
        view.checkOption() == ViewDefinition.CheckOption.NONE
            ? ""
            : " WITH " + view.checkOption() + " CHECK OPTION";
    add(
        Phase.VIEW,
        view.schema(),
        view.name(),
        "CREATE VIEW " + name(view) + names(view.columns()) + " AS " + view.queryText() + check);
  }

  private void table(TableDefinition table) {
    List<String> parts = new ArrayList<>();
    table.columns().forEach(column -> parts.add(column(table, column)));
    for (TableIndex index : table.indexes()) {
      if (index.constraint() != TableIndex.Constraint.NONE) {
        parts.add("CONSTRAINT " + quoted(index.name()) + constraint(table, index));
      } else {
        add(Phase.INDEX, table.schema(), index.name(), index(table, index));
      }
    }
    for (CheckConstraint check : table.checks()) {
      parts.add("CONSTRAINT " + quoted(check.name()) + " CHECK (" + check.text() + ")");
    }
    table
        .foreignKeys()
        .forEach(key -> add(Phase.FOREIGN_KEY, table.schema(), key.name(), foreignKey(table, key)));
    add(
        Phase.TABLE,
        table.schema(),
        table.name(),
        "CREATE TABLE " + name(table) + " (\n  " + String.join(",\n  ", parts) + "\n)");
  }

  private String column(TableDefinition table, TableColumn column) {
    SequenceDefinition sequence = catalog.sequence(column.sequence());
    StringBuilder text = new StringBuilder(quoted(column.name())).append(' ');
    if (sequence == null) {
      text.append(column.type());
      append(text, " DEFAULT ", column.defaultText(), "");
      append(text, " GENERATED ALWAYS AS (", column.generatedText(), ") STORED");
    } else {
      if (column.identity() == TableColumn.Identity.NONE) {
        text.append(
            switch (column.type().kind()) {
              case SMALLINT -> "smallserial";
              case INTEGER -> "serial";
              default -> "bigserial";
            });
      } else {
        text.append(column.type()).append(" GENERATED ");
        text.append(column.identity().name().replace('_', ' ')).append(" AS IDENTITY (");
        text.append(options(sequence).strip()).append(')');
      }
      restart(table, column, sequence);
    }
    return text.append(column.notNull() ? " NOT NULL" : "").toString();
  }

  /** Goes on behind the largest value there is: that is what the sequence is for. */
  private void restart(TableDefinition table, TableColumn column, SequenceDefinition sequence) {
    String last =
        (sequence.increment() > 0 ? "max(" : "min(")
            + quoted(column.name())
            + ") FROM "
            + name(table);
    add(
        Phase.VALUE,
        table.schema(),
        sequence.name(),
        "SELECT setval('"
            + name(sequence).replace("'", "''")
            + "', last) FROM (SELECT "
            + last
            + ") AS values (last) WHERE last IS NOT NULL");
  }

  private static String options(SequenceDefinition sequence) {
    return " START WITH "
        + sequence.start()
        + " INCREMENT BY "
        + sequence.increment()
        + " MINVALUE "
        + sequence.minValue()
        + " MAXVALUE "
        + sequence.maxValue()
        + " CACHE "
        + sequence.cache()
        + (sequence.cycle() ? " CYCLE" : "");
  }

  private static String constraint(TableDefinition table, TableIndex index) {
    String kind =
        index.constraint() == TableIndex.Constraint.PRIMARY_KEY
            ? " PRIMARY KEY"
            : " UNIQUE" + (index.nullsNotDistinct() ? " NULLS NOT DISTINCT" : "");
    return kind
        + columns(table, index.keys().stream().map(IndexKey::column).toList())
        + includes(table, index);
  }

  private static String index(TableDefinition table, TableIndex index) {
    String keys =
        index.keys().stream().map(key -> key(table, key)).collect(Collectors.joining(", "));
    StringBuilder text =
        new StringBuilder(index.unique() ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    text.append(quoted(index.name())).append(" ON ").append(name(table));
    text.append(" USING ").append(index.type().name().toLowerCase(java.util.Locale.ROOT));
    text.append(" (").append(keys).append(')').append(includes(table, index));
    text.append(index.nullsNotDistinct() ? " NULLS NOT DISTINCT" : "");
    append(text, " WHERE ", index.predicateText(), "");
    return text.toString();
  }

  private static String key(TableDefinition table, IndexKey key) {
    String what =
        key.isExpression()
            ? "(" + key.expressionText() + ")"
            : quoted(table.columns().get(key.column()).name());
    String nulls =
        key.nullsFirst() == key.descending()
            ? ""
            : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST";
    return what + (key.descending() ? " DESC" : "") + nulls;
  }

  private static String includes(TableDefinition table, TableIndex index) {
    return index.includes().isEmpty() ? "" : " INCLUDE" + columns(table, index.includes());
  }

  private String foreignKey(TableDefinition table, ForeignKey key) {
    TableDefinition referenced = catalog.table(key.referencedTable());
    if (referenced == null) {
      throw new IllegalStateException("no table " + key.referencedTable());
    }
    StringBuilder text = new StringBuilder("ALTER TABLE ").append(name(table));
    text.append(" ADD CONSTRAINT ").append(quoted(key.name())).append(" FOREIGN KEY");
    text.append(columns(table, key.columns())).append(" REFERENCES ").append(name(referenced));
    text.append(columns(referenced, key.referencedColumns()));
    text.append(key.matchFull() ? " MATCH FULL" : "");
    text.append(" ON DELETE ").append(key.onDelete().name().replace('_', ' '));
    text.append(key.deleteColumns().isEmpty() ? "" : columns(table, key.deleteColumns()));
    text.append(" ON UPDATE ").append(key.onUpdate().name().replace('_', ' '));
    text.append(key.deferrable() ? " DEFERRABLE" : "");
    text.append(key.initiallyDeferred() ? " INITIALLY DEFERRED" : "");
    return text.toString();
  }

  private static String columns(TableDefinition table, List<Integer> ordinals) {
    return names(ordinals.stream().map(each -> table.columns().get(each).name()).toList());
  }

  private static String names(List<String> names) {
    return names.stream().map(DefinitionText::quoted).collect(Collectors.joining(", ", " (", ")"));
  }

  private static void append(
      StringBuilder text, String before, @Nullable String what, String after) {
    if (what != null) {
      text.append(before).append(what).append(after);
    }
  }

  private static String name(Relation relation) {
    return quoted(relation.schema()) + "." + quoted(relation.name());
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
