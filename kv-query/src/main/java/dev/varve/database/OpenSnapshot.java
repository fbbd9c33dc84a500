// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import dev.varve.Cursor;
import dev.varve.Index;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Rows;
import dev.varve.Snapshot;
import dev.varve.Statement;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.Timestamps;
import dev.varve.query.session.SqlEngine;
import dev.varve.query.session.SqlSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A snapshot of the transaction layer, with SQL. */
final class OpenSnapshot implements Snapshot {
  private final StoreSnapshot snapshot;
  private final Keyspace unnamed;
  private final SqlEngine engine;

  /** Any thread may use a snapshot, one at a time a session: each thread has its own. */
  private final ConcurrentHashMap<Thread, SqlSession> sessions = new ConcurrentHashMap<>();

  OpenSnapshot(StoreSnapshot snapshot, SqlEngine engine) {
    this.snapshot = snapshot;
    this.unnamed = snapshot.keyspace(0);
    this.engine = engine;
  }

  private SqlSession session() {
    return sessions.computeIfAbsent(Thread.currentThread(), thread -> engine.join(snapshot));
  }

  @Override
  public long timestamp() {
    return snapshot.readTimestamp();
  }

  @Override
  public Instant instant() {
    return Timestamps.toInstant(timestamp());
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
    return snapshot.keyspace(name);
  }

  @Override
  public Index index(String name) {
    return snapshot.index(name);
  }

  @Override
  public Rows query(String sql, Object... parameters) {
    return session().query(sql, parameters);
  }

  @Override
  public Statement prepare(String sql) {
    return session().prepare(sql);
  }

  @Override
  public void close() {
    sessions.values().forEach(SqlSession::close);
    sessions.clear();
    snapshot.close();
  }
}
