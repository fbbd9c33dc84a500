// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import dev.varve.Cursor;
import dev.varve.Index;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Rows;
import dev.varve.Savepoint;
import dev.varve.Statement;
import dev.varve.Transaction;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.LockWait;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.session.SqlEngine;
import dev.varve.query.session.SqlSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transaction of the transaction layer, with SQL. */
final class OpenTransaction implements Transaction {
  private final StoreTransaction transaction;
  private final Keyspace unnamed;
  private final SqlEngine engine;
  private @Nullable SqlSession session;

  OpenTransaction(StoreTransaction transaction, SqlEngine engine) {
    this.transaction = transaction;
    this.unnamed = transaction.keyspace(0);
    this.engine = engine;
  }

  /** Made when first needed; from then on it has a say in how the transaction goes on and ends. */
  private SqlSession session() {
    if (session == null) {
      session = engine.join(transaction);
    }
    return session;
  }

  @Override
  public IsolationLevel isolation() {
    return transaction.isolation();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return unnamed.get(key);
  }

  @Override
  public int get(ByteBuffer key, ByteBuffer value) {
    return unnamed.get(key, value);
  }

  @Override
  public boolean contains(byte[] key) {
    return unnamed.contains(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    unnamed.put(key, value);
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    unnamed.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    unnamed.delete(key);
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    unnamed.deleteRange(from, to);
  }

  @Override
  public Cursor scan(KeyRange range) {
    return unnamed.scan(range);
  }

  @Override
  public KeyValues keyspace(String name) {
    return transaction.keyspace(name);
  }

  @Override
  public Index index(String name) {
    return transaction.index(name);
  }

  @Override
  public void lock(byte[] key) {
    transaction.lock(0, key, LockMode.EXCLUSIVE, LockWait.WAIT);
  }

  @Override
  public void lockShared(byte[] key) {
    transaction.lock(0, key, LockMode.SHARED, LockWait.WAIT);
  }

  @Override
  public Savepoint savepoint(String name) {
    return session == null ? transaction.savepoint(name) : session.savepoint(name);
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    if (session == null) {
      transaction.rollbackTo(savepoint);
    } else {
      session.rollbackTo(savepoint);
    }
  }

  @Override
  public void release(Savepoint savepoint) {
    if (session == null) {
      transaction.release(savepoint);
    } else {
      session.release(savepoint);
    }
  }

  @Override
  public long execute(String sql, Object... parameters) {
    return session().execute(sql, parameters);
  }

  @Override
  public Rows query(String sql, Object... parameters) {
    return session().query(sql, parameters);
  }

  @Override
  public Statement prepareStatement(String sql) {
    return session().prepare(sql);
  }

  @Override
  public void prepareCommit(String globalId) {
    if (session == null) {
      transaction.prepare(globalId);
    } else {
      session.prepareCommit(globalId);
    }
  }

  @Override
  public @Nullable Statement prepare(String sqlOrGlobalId) {
    if (SqlText.isStatement(sqlOrGlobalId)) {
      return prepareStatement(sqlOrGlobalId);
    }
    prepareCommit(sqlOrGlobalId);
    return null;
  }

  @Override
  public long commit() {
    return session == null ? transaction.commit() : session.commit();
  }

  @Override
  public void rollback() {
    if (session == null) {
      transaction.rollback();
    } else {
      session.rollback();
    }
  }

  @Override
  public boolean isActive() {
    return transaction.isActive();
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    transaction.close();
  }
}
