// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Options;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/** What the contracts of a transactional store have in common: a fresh store for each test. */
public abstract class StoreContract {
  /** The store under test. */
  protected TransactionalStore store;

  private final List<Session> sessions = new ArrayList<>();

  /** For subclasses. */
  protected StoreContract() {}

  /** Opens an empty store. */
  protected abstract TransactionalStore open(Options options);

  /** How the store of each test is opened. */
  protected Options options() {
    return Options.defaults();
  }

  @BeforeEach
  final void openStore() {
    store = open(options());
  }

  @AfterEach
  final void closeStore() {
    store.close();
    sessions.forEach(Session::close);
  }

  /** A transaction on a thread of its own. */
  protected final Session session(TransactionOptions options) {
    Session session = new Session(store, options);
    sessions.add(session);
    return session;
  }

  /** A transaction on a thread of its own. */
  protected final Session session(IsolationLevel level) {
    return session(at(level));
  }

  /** A transaction on the test's thread. */
  protected final StoreTransaction begin(IsolationLevel level) {
    return store.begin(at(level));
  }

  /** A transaction on the test's thread with the default level. */
  protected final StoreTransaction begin() {
    return store.begin(TransactionOptions.defaults());
  }

  /** Options that name a level. */
  protected static TransactionOptions at(IsolationLevel level) {
    return TransactionOptions.defaults().isolation(level);
  }

  /** Bytes of a text. */
  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of bytes; null of null. */
  protected static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** Sets a key. */
  protected static void put(KeyValues where, String key, String value) {
    where.put(bytes(key), bytes(value));
  }

  /** The value of a key as text, or null. */
  protected static @Nullable String get(KeyValues where, String key) {
    return text(where.get(bytes(key)));
  }

  /** The entries of a range in its direction, as {@code key=value}. */
  protected static List<String> entries(KeyValues where, KeyRange range) {
    try (Cursor cursor = where.scan(range)) {
      return entries(cursor);
    }
  }

  /** All entries as {@code key=value}. */
  protected static List<String> entries(KeyValues where) {
    return entries(where, KeyRange.all());
  }

  /** What a cursor still has, as {@code key=value}. */
  protected static List<String> entries(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    while (cursor.next()) {
      entries.add(text(cursor.key()) + "=" + text(cursor.value()));
    }
    return entries;
  }

  /** Runs {@code body}, which must fail with {@code code}; returns the failure. */
  protected static VarveException assertFails(ErrorCode code, Executable body) {
    VarveException failure = Assertions.assertThrows(VarveException.class, body);
    Assertions.assertEquals(code, failure.code(), failure::toString);
    return failure;
  }
}
