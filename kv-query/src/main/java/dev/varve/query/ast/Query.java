// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query with everything that may stand around its body.
 *
 * @param with common table expressions, in order
 * @param withTies FETCH FIRST .. WITH TIES
 * @param locking FOR UPDATE and the like
 */
public record Query(
    List<CommonTable> with,
    boolean recursive,
    QueryBody body,
    List<SortItem> orderBy,
    @Nullable Expression limit,
    boolean withTies,
    @Nullable Expression offset,
    List<Locking> locking,
    Span span) {

  /**
   * One name of a WITH clause.
   *
   * @param statement a {@link Statement.QueryStatement}, or a {@link DataStatement} with RETURNING
   * @param materialized as said, or null
   */
  public record CommonTable(
      Identifier name,
      List<Identifier> columns,
      @Nullable Boolean materialized,
      Statement statement,
      Span span) {}

  /**
   * FOR UPDATE and the like.
   *
   * @param of the tables meant, by the name they have in FROM; empty means all
   */
  public record Locking(
      LockStrength strength, List<Identifier> of, LockConflict conflict, Span span) {}

  /** How strongly rows are locked. */
  public enum LockStrength {
    UPDATE,
    NO_KEY_UPDATE,
    SHARE,
    KEY_SHARE
  }

  /** What to do about rows that others have locked. */
  public enum LockConflict {
    WAIT,
    NOWAIT,
    SKIP_LOCKED
  }
}
