// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.Savepoint;
import dev.varve.Session;
import dev.varve.TransactionOptions;
import dev.varve.VarveException;
import dev.varve.core.store.StoreReader;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.TransactionStatement;
import dev.varve.query.ast.TransactionStatement.Modes;
import dev.varve.query.transaction.SqlTransaction;
import dev.varve.query.type.JavaValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a session is inside of a transaction, and which. The store's transaction begins with the
 * first statement that needs one, so that SET TRANSACTION can come before.
 */
final class TransactionBlock {
  private final SqlEngine engine;
  private final SessionSettings settings;
  private final boolean joined;
  private final List<Named> savepoints = new ArrayList<>();
  private @Nullable SqlTransaction transaction;
  private Session.Status status = Session.Status.IDLE;
  private Modes modes = new Modes(null, null);

  /** A savepoint under the name the user gave it. */
  private record Named(String name, Savepoint savepoint) {}

  /** Outside of a transaction, or for ever inside of {@code reader}. */
  TransactionBlock(SqlEngine engine, SessionSettings settings, @Nullable StoreReader reader) {
    this.engine = engine;
    this.settings = settings;
    this.joined = reader != null;
    if (reader != null) {
      transaction = new SqlTransaction(engine.catalogs(), reader, now());
      status = Session.Status.IN_TRANSACTION;
    }
  }

  static long now() {
    return JavaValues.micros(Instant.now());
  }

  Session.Status status() {
    return status;
  }

  boolean isOpen() {
    return status != Session.Status.IDLE;
  }

  boolean isJoined() {
    return joined;
  }

  /** Refuses everything in a transaction in which a statement has failed. */
  void refuseFailed() {
    if (status == Session.Status.FAILED) {
      throw ErrorCode.TRANSACTION_ABORTED
          .error("current transaction is aborted, commands ignored until end of transaction block")
          .hint("Send ROLLBACK, or ROLLBACK TO a savepoint.")
          .build();
    }
  }

  /** The transaction of the block, begun if it has not yet. */
  SqlTransaction transaction() {
    SqlTransaction current = transaction;
    if (current == null) {
      current = begin(options(modes));
      transaction = current;
    }
    return current;
  }

  /** A new transaction of the store, for one statement. */
  SqlTransaction single() {
    return begin(options(new Modes(null, null)));
  }

  private SqlTransaction begin(TransactionOptions options) {
    return new SqlTransaction(engine.catalogs(), engine.store().begin(options), now());
  }

  private TransactionOptions options(Modes said) {
    IsolationLevel level = said.isolation() == null ? settings.isolation() : said.isolation();
    boolean readOnly = said.readOnly() == null ? settings.readOnly() : said.readOnly();
    TransactionOptions options = TransactionOptions.defaults().isolation(level).readOnly(readOnly);
    return settings.lockTimeout() == null ? options : options.lockTimeout(settings.lockTimeout());
  }

  /** The isolation level of the block, or of the next transaction. */
  IsolationLevel isolation() {
    return modes.isolation() == null ? settings.isolation() : modes.isolation();
  }

  /** A statement in the block has failed. */
  void fail() {
    boolean over = transaction != null && !transaction.isActive();
    if (!joined) {
      status = Session.Status.FAILED;
    } else if (over) {
      savepoints.clear();
    }
  }

  /** Executes {@code statement}; returns its command tag. */
  String execute(TransactionStatement statement) {
    if (statement instanceof TransactionStatement.Begin begin) {
      refuseJoined("BEGIN");
      refuseFailed();
      if (!isOpen()) {
        status = Session.Status.IN_TRANSACTION;
        modes = begin.modes();
      }
      return "BEGIN";
    } else if (statement instanceof TransactionStatement.Commit commit) {
      refuseJoined("COMMIT");
      return end(true, commit.andChain());
    } else if (statement instanceof TransactionStatement.Rollback rollback) {
      refuseJoined("ROLLBACK");
      return end(false, rollback.andChain());
    } else if (statement instanceof TransactionStatement.RollbackToSavepoint rollback) {
      rollbackTo(rollback.name());
      return "ROLLBACK";
    }
    refuseFailed();
    if (statement instanceof TransactionStatement.SetSavepoint set) {
      requireOpen("SAVEPOINT");
      Savepoint savepoint = transaction().savepoint(set.name().name());
      savepoints.add(new Named(set.name().name(), savepoint));
      return "SAVEPOINT";
    } else if (statement instanceof TransactionStatement.ReleaseSavepoint release) {
      requireOpen("RELEASE SAVEPOINT");
      int index = find(release.name());
      transaction().release(savepoints.get(index).savepoint);
      savepoints.subList(index, savepoints.size()).clear();
      return "RELEASE";
    } else if (statement instanceof TransactionStatement.SetTransaction set) {
      return set(set);
    } else if (statement instanceof TransactionStatement.SetConstraints constraints) {
      if (!constraints.deferred() && transaction != null) {
        transaction.runDeferred();
      }
      return "SET CONSTRAINTS";
    } else if (statement instanceof TransactionStatement.PrepareTransaction prepare) {
      refuseJoined("PREPARE TRANSACTION");
      requireOpen("PREPARE TRANSACTION");
      return prepare(prepare.globalId());
    }
    return prepared(statement);
  }

  private String prepared(TransactionStatement statement) {
    boolean commit = statement instanceof TransactionStatement.CommitPrepared;
    String command = commit ? "COMMIT PREPARED" : "ROLLBACK PREPARED";
    if (isOpen()) {
      throw ErrorCode.ACTIVE_TRANSACTION
          .error(command + " cannot run inside a transaction block")
          .build();
    }
    if (statement instanceof TransactionStatement.CommitPrepared each) {
      engine.store().commitPrepared(each.globalId());
    } else if (statement instanceof TransactionStatement.RollbackPrepared each) {
      engine.store().rollbackPrepared(each.globalId());
    }
    return command;
  }

  private void refuseJoined(String command) {
    if (joined) {
      throw ErrorCode.TRANSACTION_STATE
          .error(command + " cannot be used inside of a transaction object")
          .hint("Call commit() or rollback() on it.")
          .build();
    }
  }

  private void requireOpen(String command) {
    if (!isOpen()) {
      throw ErrorCode.NO_ACTIVE_TRANSACTION
          .error(command + " can only be used in transaction blocks")
          .build();
    }
  }

  private int find(Identifier name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name.equals(name.name())) {
        return i;
      }
    }
    throw ErrorCode.INVALID_SAVEPOINT.error("savepoint \"" + name + "\" does not exist").build();
  }

  private void rollbackTo(Identifier name) {
    requireOpen("ROLLBACK TO SAVEPOINT");
    int index = find(name);
    transaction().rollbackTo(savepoints.get(index).savepoint);
    savepoints.subList(index + 1, savepoints.size()).clear();
    status = Session.Status.IN_TRANSACTION;
  }

  private String set(TransactionStatement.SetTransaction statement) {
    Modes said = statement.modes();
    if (statement.session()) {
      if (said.isolation() != null) {
        String level = said.isolation().name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
        settings.set(SessionSettings.DEFAULT_ISOLATION, List.of(level));
      }
      if (said.readOnly() != null) {
        settings.set(SessionSettings.DEFAULT_READ_ONLY, List.of(said.readOnly() ? "on" : "off"));
      }
      return "SET";
    }
    if (isOpen() && transaction != null && said.isolation() != null) {
      throw ErrorCode.ACTIVE_TRANSACTION
          .error("SET TRANSACTION ISOLATION LEVEL must be called before any query")
          .build();
    }
    if (isOpen() && transaction != null && Boolean.FALSE.equals(said.readOnly())) {
      throw ErrorCode.ACTIVE_TRANSACTION
          .error("transaction read-write mode must be set before any query")
          .build();
    }
    if (isOpen()) {
      modes =
          new Modes(
              said.isolation() == null ? modes.isolation() : said.isolation(),
              said.readOnly() == null ? modes.readOnly() : said.readOnly());
    }
    return "SET";
  }

  private String prepare(String globalId) {
    SqlTransaction ending = transaction();
    try {
      ending.prepare(globalId);
    } catch (VarveException e) {
      if (ending.isActive()) {
        ending.rollback();
      }
      throw e;
    } finally {
      leave(false);
    }
    return "PREPARE TRANSACTION";
  }

  private String end(boolean commit, boolean chain) {
    if (!isOpen()) {
      if (chain) {
        throw ErrorCode.NO_ACTIVE_TRANSACTION
            .error(
                (commit ? "COMMIT" : "ROLLBACK")
                    + " AND CHAIN can only be used in transaction blocks")
            .build();
      }
      return commit ? "COMMIT" : "ROLLBACK";
    }
    boolean commits = commit && status != Session.Status.FAILED;
    SqlTransaction ending = transaction;
    try {
      if (ending != null) {
        if (commits) {
          ending.commit();
        } else {
          ending.rollback();
        }
      }
    } finally {
      if (ending != null) {
        ending.close();
      }
      leave(chain);
    }
    return commits ? "COMMIT" : "ROLLBACK";
  }

  private void leave(boolean chain) {
    transaction = null;
    savepoints.clear();
    status = chain ? Session.Status.IN_TRANSACTION : Session.Status.IDLE;
    if (!chain) {
      modes = new Modes(null, null);
    }
  }

  /** Rolls back what is open, unless it is somebody else's. */
  void close() {
    if (!joined && isOpen()) {
      end(false, false);
    }
  }
}
