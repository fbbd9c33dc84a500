// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.Expression;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names that one FROM clause makes visible. Immutable. */
final class Scope {
  /** Without names: a query without FROM. */
  static final Scope EMPTY = new Scope(List.of(), List.of());

  private final List<Relation> relations;
  private final List<Entry> entries;

  /**
   * Something a column name can mean.
   *
   * @param relation the name it can be qualified with, or null for a column merged by USING
   * @param isMerged whether USING merged it into another, so that only its qualified name means it
   */
  record Entry(@Nullable Relation relation, String name, Expression expression, boolean isMerged) {}

  /**
   * A table as FROM names it. Compared by identity.
   *
   * @param schema the schema when it was named without an alias, else null
   */
  static final class Relation {
    private final String name;
    private final @Nullable String schema;
    private final @Nullable BoundTable table;

    Relation(String name, @Nullable String schema, @Nullable BoundTable table) {
      this.name = name;
      this.schema = schema;
      this.table = table;
    }

    String name() {
      return name;
    }

    /** The base table, when it is one. */
    @Nullable BoundTable table() {
      return table;
    }

    boolean isNamed(List<String> qualifier) {
      int parts = qualifier.size();
      return name.equals(qualifier.get(parts - 1))
          && (parts == 1 || qualifier.get(parts - 2).equals(schema));
    }
  }

  private Scope(List<Relation> relations, List<Entry> entries) {
    this.relations = List.copyOf(relations);
    this.entries = List.copyOf(entries);
  }

  /** One relation with columns under the given names. */
  static Scope of(Relation relation, List<String> names, List<PlanColumn> columns) {
    List<Entry> entries = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      entries.add(new Entry(relation, names.get(i), columns.get(i).reference(), false));
    }
    return new Scope(List.of(relation), entries);
  }

  /** The names of both; a relation named twice is an error. */
  Scope with(Scope right, Span place) {
    for (Relation mine : relations) {
      for (Relation other : right.relations) {
        if (mine.name.equals(other.name) && !isDistinguished(mine, other)) {
          throw ErrorCode.DUPLICATE_ALIAS
              .error("Table name \"" + mine.name + "\" specified more than once.")
              .hint("Give one of them another alias.")
              .position(place.position())
              .build();
        }
      }
    }
    List<Relation> allRelations = new ArrayList<>(relations);
    allRelations.addAll(right.relations);
    List<Entry> allEntries = new ArrayList<>(entries);
    allEntries.addAll(right.entries);
    return new Scope(allRelations, allEntries);
  }

  private static boolean isDistinguished(Relation one, Relation other) {
    return one.schema != null && other.schema != null && !one.schema.equals(other.schema);
  }

  /** The same relations with other entries. */
  Scope withEntries(List<Entry> replacement) {
    return new Scope(relations, replacement);
  }

  /** The same relations and one more, whose columns are among the entries given. */
  Scope withRelation(Relation relation, List<Entry> replacement) {
    List<Relation> all = new ArrayList<>(relations);
    all.add(relation);
    return new Scope(all, replacement);
  }

  List<Entry> entries() {
    return entries;
  }

  List<Relation> relations() {
    return relations;
  }

  /** What {@code *} stands for. */
  List<Entry> star() {
    return entries.stream().filter(entry -> !entry.isMerged()).toList();
  }

  /** What an unqualified name can mean. */
  List<Entry> named(String name) {
    List<Entry> found = new ArrayList<>(1);
    for (Entry entry : entries) {
      if ((!entry.isMerged() || name.startsWith("$")) && entry.name().equals(name)) {
        found.add(entry);
      }
    }
    return found;
  }

  /** The relation of that qualified name, or null. */
  @Nullable Relation relation(List<String> qualifier) {
    for (Relation relation : relations) {
      if (relation.isNamed(qualifier)) {
        return relation;
      }
    }
    return null;
  }

  /** The columns of a relation, those included that only its name reaches. */
  List<Entry> of(Relation relation) {
    return entries.stream().filter(entry -> entry.relation() == relation).toList();
  }

  /** The numbers of all columns that the entries read. */
  BitSet columns() {
    BitSet all = new BitSet();
    for (Entry entry : entries) {
      all.or(dev.varve.query.plan.ColumnSet.read(entry.expression()));
    }
    return all;
  }
}
