// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.TransactionOptions;
import dev.varve.WriteBatch;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A manager that checks when it is closed that nothing is held any more, and then closes what is below it. */
final class OwningStore implements TransactionalStore {
  private final TransactionManager manager;
  private final Runnable afterClose;
  private boolean closed;

  OwningStore(TransactionManager manager, Runnable afterClose) {
    this.manager = manager;
    this.afterClose = afterClose;
  }

  @Override
  public StoreTransaction begin(TransactionOptions options) {
    return manager.begin(options);
  }

  @Override
  public StoreReader autocommit() {
    return manager.autocommit();
  }

  @Override
  public long write(WriteBatch batch, @Nullable Durability durability) {
    return manager.write(batch, durability);
  }

  @Override
  public StoreSnapshot snapshot() {
    return manager.snapshot();
  }

  @Override
  public StoreSnapshot asOf(Instant instant) {
    return manager.asOf(instant);
  }

  @Override
  public int allocateKeyspace() {
    return manager.allocateKeyspace();
  }

  @Override
  public SortedMap<String, Integer> namedKeyspaces() {
    return manager.namedKeyspaces();
  }

  @Override
  public boolean dropKeyspace(String name) {
    return manager.dropKeyspace(name);
  }

  @Override
  public Index createIndex(
      IndexDefinition definition, @Nullable Extractor extractor, Progress progress) {
    return manager.createIndex(definition, extractor, progress);
  }

  @Override
  public boolean dropIndex(String name) {
    return manager.dropIndex(name);
  }

  @Override
  public SortedMap<String, IndexDefinition> indexes() {
    return manager.indexes();
  }

  @Override
  public List<String> verify(Progress progress) {
    return manager.verify(progress);
  }

  @Override
  public RangeEstimate estimate(int keyspace, KeyRange range) {
    return manager.estimate(keyspace, range);
  }

  @Override
  public List<String> prepared() {
    return manager.prepared();
  }

  @Override
  public long commitPrepared(String globalId) {
    return manager.commitPrepared(globalId);
  }

  @Override
  public void rollbackPrepared(String globalId) {
    manager.rollbackPrepared(globalId);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      manager.close();
      afterClose.run();
    }
  }
}
