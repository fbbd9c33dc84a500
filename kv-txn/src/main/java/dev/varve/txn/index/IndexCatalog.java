// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.index;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The named indexes at one moment. Immutable: a change makes a new one. */
public final class IndexCatalog {
  /** Without any. */
  public static final IndexCatalog EMPTY = new IndexCatalog(new TreeMap<>());

  /** Of a keyspace that none follows. */
  public static final NamedIndex[] NONE = {};

  private final SortedMap<String, NamedIndex> byName;
  private final Int2ObjectHashMap<NamedIndex[]> following = new Int2ObjectHashMap<>();

  private IndexCatalog(SortedMap<String, NamedIndex> byName) {
    this.byName = Collections.unmodifiableSortedMap(byName);
    for (NamedIndex index : byName.values()) {
      if (index.isFollowing()) {
        NamedIndex[] others = following(index.followed());
        NamedIndex[] all = java.util.Arrays.copyOf(others, others.length + 1);
        all[others.length] = index;
        following.put(index.followed(), all);
      }
    }
  }

  /** With {@code index} in the place of any of the same name. */
  public IndexCatalog with(NamedIndex index) {
    SortedMap<String, NamedIndex> changed = new TreeMap<>(byName);
    changed.put(index.name(), index);
    return new IndexCatalog(changed);
  }

  /** Without the one of that name. */
  public IndexCatalog without(String name) {
    SortedMap<String, NamedIndex> changed = new TreeMap<>(byName);
    changed.remove(name);
    return new IndexCatalog(changed);
  }

  /** The index of a name, or null. */
  public @Nullable NamedIndex find(String name) {
    return byName.get(name);
  }

  /** All by name. */
  public SortedMap<String, NamedIndex> all() {
    return byName;
  }

  /** Whether none follows any keyspace. */
  public boolean followsNothing() {
    return following.isEmpty();
  }

  /** Those that follow a keyspace; to be read only. */
  public NamedIndex[] following(int keyspace) {
    NamedIndex[] found = following.get(keyspace);
    return found == null ? NONE : found;
  }
}
