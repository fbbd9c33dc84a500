// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of everything that is defined, with the schemas in which a name without a
 * schema is looked up.
 */
public final class Catalog {
  /** The schema in which objects are made unless another is named. */
  public static final String PUBLIC = "public";

  /** How the schemas of temporary objects begin, one per session. */
  public static final String TEMPORARY_PREFIX = "pg_temp_";

  /** Nothing but the schema {@link #PUBLIC}. */
  public static final Catalog EMPTY = empty();

  private static final AtomicLong STAMPS = new AtomicLong();

  private final long version;
  private final TreeMap<String, TreeMap<String, Relation>> schemas;
  private final TreeMap<Integer, Relation> byId;
  private final List<String> searchPath;
  private final @Nullable Consumer<Relation> listener;

  private Catalog(
      long version,
      TreeMap<String, TreeMap<String, Relation>> schemas,
      TreeMap<Integer, Relation> byId,
      List<String> searchPath,
      @Nullable Consumer<Relation> listener) {
    this.version = version;
    this.schemas = schemas;
    this.byId = byId;
    this.searchPath = searchPath;
    this.listener = listener;
  }

  /** A catalog of these schemas and relations. */
  static Catalog of(Collection<String> schemaNames, Collection<Relation> relations) {
    TreeMap<String, TreeMap<String, Relation>> schemas = new TreeMap<>();
    TreeMap<Integer, Relation> byId = new TreeMap<>();
    for (String schema : schemaNames) {
      schemas.put(schema, new TreeMap<>());
    }
    for (Relation relation : relations) {
      schemas
          .computeIfAbsent(relation.schema(), s -> new TreeMap<>())
          .put(relation.name(), relation);
      byId.put(relation.id(), relation);
    }
    return new Catalog(STAMPS.incrementAndGet(), schemas, byId, List.of(PUBLIC), null);
  }

  private static Catalog empty() {
    TreeMap<String, TreeMap<String, Relation>> schemas = new TreeMap<>();
    schemas.put(PUBLIC, new TreeMap<>());
    return new Catalog(0, schemas, new TreeMap<>(), List.of(PUBLIC), null);
  }

  /** Tells catalogs apart: two with the same version define the same. Not kept on disk. */
  public long version() {
    return version;
  }

  // Looking up.

  /** The schemas searched for names without one, in order. */
  public List<String> searchPath() {
    return searchPath;
  }

  /** The same definitions, with names looked up in {@code schemas}. */
  public Catalog withSearchPath(List<String> path) {
    return path.equals(searchPath)
        ? this
        : new Catalog(version, schemas, byId, List.copyOf(path), listener);
  }

  /** The same definitions; tells {@code consumer} of every relation that is looked up by name. */
  public Catalog withListener(Consumer<Relation> consumer) {
    return new Catalog(version, schemas, byId, searchPath, consumer);
  }

  /** The table, view or sequence called so; a null schema means the search path. Null if none. */
  public @Nullable Relation relation(@Nullable String schema, String name) {
    Relation found = null;
    if (schema != null) {
      found = inSchema(schema, name);
    } else {
      for (int i = 0; i < searchPath.size() && found == null; i++) {
        found = inSchema(searchPath.get(i), name);
      }
    }
    if (found != null && listener != null) {
      listener.accept(found);
    }
    return found;
  }

  private @Nullable Relation inSchema(String schema, String name) {
    TreeMap<String, Relation> relations = schemas.get(resolveTemporary(schema));
    return relations == null ? null : relations.get(name);
  }

  /** {@code pg_temp} means the temporary schema of the search path, if there is one. */
  private String resolveTemporary(String schema) {
    if (schema.equals("pg_temp")) {
      for (String each : searchPath) {
        if (each.startsWith(TEMPORARY_PREFIX)) {
          return each;
        }
      }
    }
    return schema;
  }

  /** The table called so, or null. */
  public @Nullable TableDefinition table(@Nullable String schema, String name) {
    return relation(schema, name) instanceof TableDefinition table ? table : null;
  }

  /** The view called so, or null. */
  public @Nullable ViewDefinition view(@Nullable String schema, String name) {
    return relation(schema, name) instanceof ViewDefinition view ? view : null;
  }

  /** The sequence called so, or null. */
  public @Nullable SequenceDefinition sequence(@Nullable String schema, String name) {
    return relation(schema, name) instanceof SequenceDefinition sequence ? sequence : null;
  }

  /** The relation numbered so, or null. */
  public @Nullable Relation relation(int id) {
    return byId.get(id);
  }

  /** The table numbered so, or null. */
  public @Nullable TableDefinition table(int id) {
    return byId.get(id) instanceof TableDefinition table ? table : null;
  }

  /** The sequence numbered so, or null. */
  public @Nullable SequenceDefinition sequence(int id) {
    return byId.get(id) instanceof SequenceDefinition sequence ? sequence : null;
  }

  /** The table that has the index called so, or null. */
  public @Nullable TableDefinition tableOfIndex(@Nullable String schema, String index) {
    List<String> path = schema == null ? searchPath : List.of(resolveTemporary(schema));
    for (String each : path) {
      for (Relation relation : schemas.getOrDefault(each, new TreeMap<>()).values()) {
        if (relation instanceof TableDefinition table && table.index(index) != null) {
          return table;
        }
      }
    }
    return null;
  }

  /** The foreign keys of other tables, or its own, that reference {@code table}. */
  public List<Reference> references(int table) {
    List<Reference> references = new ArrayList<>();
    for (Relation relation : byId.values()) {
      if (relation instanceof TableDefinition referencing) {
        for (ForeignKey key : referencing.foreignKeys()) {
          if (key.referencedTable() == table) {
            references.add(new Reference(referencing, key));
          }
        }
      }
    }
    return references;
  }

  /** A foreign key and the table that has it. */
  public record Reference(TableDefinition table, ForeignKey key) {}

  /** The views that name the relation {@code id}, in order of their making. */
  public List<ViewDefinition> viewsOver(int id) {
    List<ViewDefinition> views = new ArrayList<>();
    for (Relation relation : byId.values()) {
      if (relation instanceof ViewDefinition view && view.dependencies().contains(id)) {
        views.add(view);
      }
    }
    return views;
  }

  // Listing.

  /** The names of the schemas, ascending. */
  public Collection<String> schemas() {
    return Collections.unmodifiableCollection(schemas.keySet());
  }

  /** Whether there is such a schema. */
  public boolean hasSchema(String schema) {
    return schemas.containsKey(resolveTemporary(schema));
  }

  /** Everything in a schema by name, ascending. */
  public Collection<Relation> relations(String schema) {
    TreeMap<String, Relation> relations = schemas.get(resolveTemporary(schema));
    return relations == null ? List.of() : Collections.unmodifiableCollection(relations.values());
  }

  /** Everything, in order of its making. */
  public Collection<Relation> relations() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** All tables, in order of their making. */
  public List<TableDefinition> tables() {
    List<TableDefinition> tables = new ArrayList<>();
    for (Relation relation : byId.values()) {
      if (relation instanceof TableDefinition table) {
        tables.add(table);
      }
    }
    return tables;
  }

  /** Names that {@code relation(null, name)} finds, for suggestions. */
  public List<String> visibleNames() {
    List<String> names = new ArrayList<>();
    for (String schema : searchPath) {
      TreeMap<String, Relation> relations = schemas.get(schema);
      if (relations != null) {
        names.addAll(relations.keySet());
      }
    }
    return names;
  }

  // Changed copies, each one version on.

  /** With {@code relation} in place of what had its id. */
  public Catalog with(Relation relation) {
    TreeMap<String, TreeMap<String, Relation>> changed = new TreeMap<>(schemas);
    TreeMap<Integer, Relation> ids = new TreeMap<>(byId);
    Relation before = ids.put(relation.id(), relation);
    if (before != null) {
      copyOf(changed, before.schema()).remove(before.name());
    }
    copyOf(changed, relation.schema()).put(relation.name(), relation);
    return new Catalog(STAMPS.incrementAndGet(), changed, ids, searchPath, listener);
  }

  /** Without the relation {@code id}. */
  public Catalog without(int id) {
    TreeMap<Integer, Relation> ids = new TreeMap<>(byId);
    Relation before = ids.remove(id);
    if (before == null) {
      return this;
    }
    TreeMap<String, TreeMap<String, Relation>> changed = new TreeMap<>(schemas);
    copyOf(changed, before.schema()).remove(before.name());
    return new Catalog(STAMPS.incrementAndGet(), changed, ids, searchPath, listener);
  }

  /** With an empty schema. */
  public Catalog withSchema(String schema) {
    TreeMap<String, TreeMap<String, Relation>> changed = new TreeMap<>(schemas);
    changed.putIfAbsent(schema, new TreeMap<>());
    return new Catalog(STAMPS.incrementAndGet(), changed, byId, searchPath, listener);
  }

  /** Without a schema, which must be empty. */
  public Catalog withoutSchema(String schema) {
    TreeMap<String, TreeMap<String, Relation>> changed = new TreeMap<>(schemas);
    changed.remove(schema);
    return new Catalog(STAMPS.incrementAndGet(), changed, byId, searchPath, listener);
  }

  private static TreeMap<String, Relation> copyOf(
      TreeMap<String, TreeMap<String, Relation>> schemas, String schema) {
    TreeMap<String, Relation> copy = new TreeMap<>(schemas.getOrDefault(schema, new TreeMap<>()));
    schemas.put(schema, copy);
    return copy;
  }
}
