// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.plan.PlanColumn;
import java.util.List;

/**
 * A data statement, planned for one session; can be run any number of times as long as the catalog
 * stays the same.
 */
public interface DataPlan {
  /** What it does, as its command tag begins: INSERT, UPDATE, DELETE, TRUNCATE TABLE. */
  String command();

  /** The columns of RETURNING; empty without it. */
  List<PlanColumn> columns();

  /** The plan of the rows that it starts from, as EXPLAIN shows it. */
  List<String> explain();

  /** Runs it in the context's transaction. */
  DataResult run(StatementContext context);
}
