// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import dev.varve.IsolationLevel;
import org.jspecify.annotations.Nullable;

/** A statement about transactions. */
public sealed interface TransactionStatement extends Statement {
  /** What BEGIN and SET TRANSACTION may say; null where nothing was said. */
  record Modes(@Nullable IsolationLevel isolation, @Nullable Boolean readOnly) {}

  /** BEGIN, START TRANSACTION. */
  record Begin(Modes modes, Span span) implements TransactionStatement {}

  /** COMMIT, END; {@code andChain} begins the next one at once. */
  record Commit(boolean andChain, Span span) implements TransactionStatement {}

  /** ROLLBACK, ABORT. */
  record Rollback(boolean andChain, Span span) implements TransactionStatement {}

  /** SAVEPOINT. */
  record SetSavepoint(Identifier name, Span span) implements TransactionStatement {}

  /** RELEASE [SAVEPOINT]. */
  record ReleaseSavepoint(Identifier name, Span span) implements TransactionStatement {}

  /** ROLLBACK TO [SAVEPOINT]. */
  record RollbackToSavepoint(Identifier name, Span span) implements TransactionStatement {}

  /** SET TRANSACTION; for SET SESSION CHARACTERISTICS, {@code session} is set. */
  record SetTransaction(Modes modes, boolean session, Span span) implements TransactionStatement {}

  /** SET CONSTRAINTS; empty names mean ALL. */
  record SetConstraints(java.util.List<QualifiedName> names, boolean deferred, Span span)
      implements TransactionStatement {}

  /** PREPARE TRANSACTION 'id'. */
  record PrepareTransaction(String globalId, Span span) implements TransactionStatement {}

  /** COMMIT PREPARED 'id'. */
  record CommitPrepared(String globalId, Span span) implements TransactionStatement {}

  /** ROLLBACK PREPARED 'id'. */
  record RollbackPrepared(String globalId, Span span) implements TransactionStatement {}

  /** LOCK TABLE; the mode in upper case. */
  record LockTable(java.util.List<QualifiedName> tables, String mode, boolean nowait, Span span)
      implements TransactionStatement {}
}
