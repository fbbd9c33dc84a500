// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/**
 * Decides, once a commit has its timestamp and everything with an earlier one can be read, whether
 * it may go through. Called at most once, on the committing thread; while it runs, later commits do
 * not become visible, so it must be quick and must not wait for other transactions.
 */
@FunctionalInterface
public interface CommitGuard {
  /** Throws to refuse the commit, of which nothing remains then. */
  void check(long commitTimestamp);
}
