// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.Cursor;
import dev.varve.KeyRange;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads catalogs from the store and writes what distinguishes one from another. */
public final class CatalogStorage {
  private CatalogStorage() {}

  /** The version of the catalog that {@code reader} sees; 0 before the first definition. */
  public static long version(StoreReader reader) {
    byte[] value = reader.keyspace(CatalogFormat.DEFINITIONS).get(CatalogFormat.versionKey());
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  /** The catalog that {@code reader} sees. */
  public static Catalog load(StoreReader reader) {
    List<String> schemas = new ArrayList<>();
    List<Relation> relations = new ArrayList<>();
    boolean isNew = true;
    try (Cursor cursor = reader.keyspace(CatalogFormat.DEFINITIONS).scan(KeyRange.all())) {
      while (cursor.next()) {
        isNew = false;
        byte[] key = cursor.key();
        switch (key[0]) {
          case CatalogFormat.SCHEMA -> schemas.add(CatalogFormat.schemaOf(key));
          case CatalogFormat.RELATION -> relations.add(RelationCodec.decode(key, cursor.value()));
          default -> {}
        }
      }
    }
    return isNew ? Catalog.EMPTY : Catalog.of(schemas, relations);
  }

  /**
   * Writes the difference between two catalogs. Locks the version, so that changes of the catalog
   * follow one another.
   */
  public static void write(StoreTransaction transaction, Catalog before, Catalog after) {
    Keyspace definitions = transaction.keyspace(CatalogFormat.DEFINITIONS);
    long version = version(transaction) + 1;
    definitions.put(
        CatalogFormat.versionKey(), ByteBuffer.allocate(Long.BYTES).putLong(version).array());
    boolean isNew = version == 1;
    for (String schema : after.schemas()) {
      if (isNew || !before.hasSchema(schema)) {
        definitions.put(CatalogFormat.schemaKey(schema), new byte[0]);
      }
    }
    for (String schema : before.schemas()) {
      if (!after.hasSchema(schema)) {
        definitions.delete(CatalogFormat.schemaKey(schema));
      }
    }
    for (Relation relation : after.relations()) {
      if (before.relation(relation.id()) != relation) {
        definitions.put(CatalogFormat.relationKey(relation.id()), RelationCodec.encode(relation));
      }
    }
    for (Relation relation : before.relations()) {
      if (after.relation(relation.id()) == null) {
        definitions.delete(CatalogFormat.relationKey(relation.id()));
      }
    }
  }
}
