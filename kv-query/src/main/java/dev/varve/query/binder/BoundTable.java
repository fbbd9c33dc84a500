// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.plan.PlanColumn;
import java.util.List;

/**
 * A base table in FROM.
 *
 * @param columns all of its columns, in the table's order
 * @param rowKey the column with the key of each row in storage
 */
record BoundTable(TableDefinition definition, List<PlanColumn> columns, PlanColumn rowKey) {}
