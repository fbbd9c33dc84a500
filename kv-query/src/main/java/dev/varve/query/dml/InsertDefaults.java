// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;

/** Puts in place of DEFAULT, in VALUES of an INSERT, what the columns hold by default. */
final class InsertDefaults {
  private final TableDefinition table;
  private final List<Integer> columns;
  private final StatementContext.Planning planning;

  InsertDefaults(TableDefinition table, List<Integer> columns, StatementContext.Planning planning) {
    this.table = table;
    this.columns = columns;
    this.planning = planning;
  }

  QueryBody.Values replace(QueryBody.Values values) {
    List<List<Expression>> rows = new ArrayList<>(values.rows().size());
    boolean any = false;
    for (List<Expression> row : values.rows()) {
      List<Expression> replaced = row;
      for (int i = 0; i < row.size() && i < columns.size(); i++) {
        if (columns.get(i) >= 0 && row.get(i) instanceof Expression.Default) {
          replaced = replaced == row ? new ArrayList<>(row) : replaced;
          TableColumn column = table.columns().get(columns.get(i));
          replaced.set(i, Defaults.expression(column, planning.catalog()));
          any = true;
        }
      }
      rows.add(replaced);
    }
    return any ? new QueryBody.Values(rows, values.span()) : values;
  }

  /** {@code query} in the sight of the common tables of the statement around it. */
  static Query withCommonTables(Query query, List<CommonTable> with, boolean recursive) {
    if (with.isEmpty()) {
      return query;
    }
    List<CommonTable> all = new ArrayList<>(with);
    all.addAll(query.with());
    return new Query(
        all,
        recursive || query.recursive(),
        query.body(),
        query.orderBy(),
        query.limit(),
        query.withTies(),
        query.offset(),
        query.locking(),
        query.span());
  }
}
