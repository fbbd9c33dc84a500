// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.query.ast.DataStatement.Assignment;
import dev.varve.query.ast.DataStatement.OnConflict;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.SortItem;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.parser.Parser;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Plans ON CONFLICT: which indexes decide, and what is set. */
final class OnConflictPlanner {
  private static final String EXCLUDED = "excluded";

  private final TargetTable target;
  private final TableDefinition table;
  private final TableChanges changes;
  private final StatementContext.Planning planning;

  OnConflictPlanner(TargetTable target, TableChanges changes, StatementContext.Planning planning) {
    this.target = target;
    this.table = target.table();
    this.changes = changes;
    this.planning = planning;
  }

  OnConflictPlan plan(OnConflict clause) {
    List<TableIndex> arbiters = arbiters(clause);
    List<GivenTable> scope =
        List.of(TableWriter.scope(table, target.alias()), TableWriter.scope(table, EXCLUDED));
    List<Integer> assigned = new ArrayList<>();
    List<Evaluator> values = new ArrayList<>();
    Assignments assignments = new Assignments(target, planning);
    for (Assignment assignment : clause.assignments()) {
      for (Assignments.Single single : assignments.split(assignment)) {
        TableColumn column = table.columns().get(single.column());
        assigned.add(single.column());
        values.add(
            planning.evaluator(single.value(), scope, new Target(column.type(), column.name())));
      }
    }
    Evaluator where =
        clause.where() == null
            ? null
            : planning.evaluator(clause.where(), scope, new Target(SqlType.BOOLEAN, "where"));
    return new OnConflictPlan(
        changes,
        arbiters,
        clause.doNothing(),
        assigned.stream().mapToInt(Integer::intValue).toArray(),
        values.toArray(Evaluator[]::new),
        where);
  }

  private List<TableIndex> arbiters(OnConflict clause) {
    if (clause.constraint() != null) {
      TableIndex index = table.index(clause.constraint().name());
      if (index == null || index.constraint() == TableIndex.Constraint.NONE) {
        throw planning
            .source()
            .error(
                ErrorCode.UNDEFINED_OBJECT,
                clause.constraint().span(),
                "constraint \""
                    + clause.constraint()
                    + "\" for table \""
                    + table.name()
                    + "\" does not exist")
            .build();
      }
      return List.of(index);
    }
    List<TableIndex> matching = new ArrayList<>();
    for (TableIndex index : table.indexes()) {
      if (index.unique() && (clause.target().isEmpty() || matches(index, clause))) {
        matching.add(index);
      }
    }
    if (matching.isEmpty() && !clause.target().isEmpty()) {
      throw planning
          .source()
          .error(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              clause.span(),
              "there is no unique or exclusion constraint matching the ON CONFLICT specification")
          .build();
    }
    return matching;
  }

  /** Whether the clause names exactly the keys of {@code index}, in whatever order. */
  private boolean matches(TableIndex index, OnConflict clause) {
    if (index.predicateText() != null
        && (clause.targetWhere() == null
            || !clause.targetWhere().equals(Parser.parseExpression(index.predicateText())))) {
      return false;
    }
    Set<Object> wanted = new HashSet<>();
    for (SortItem item : clause.target()) {
      wanted.add(
          item.expression() instanceof Expression.ColumnReference column
                  && column.parts().size() == 1
              ? target.column(column.parts().get(0))
              : item.expression());
    }
    Set<Object> present = new HashSet<>();
    for (IndexKey key : index.keys()) {
      present.add(
          key.expressionText() == null
              ? (Object) key.column()
              : Parser.parseExpression(key.expressionText()));
    }
    return wanted.equals(present);
  }
}
