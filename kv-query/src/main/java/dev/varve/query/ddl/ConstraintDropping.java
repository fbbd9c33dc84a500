// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.DefinitionStatement.AlterAction;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Spelling;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.CheckConstraint;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import java.util.ArrayList;
import java.util.List;

/** DROP CONSTRAINT. */
final class ConstraintDropping {
  private final DefinitionContext context;

  ConstraintDropping(DefinitionContext context) {
    this.context = context;
  }

  void drop(TableDefinition table, AlterAction.DropConstraint drop) {
    String name = drop.name().name();
    for (CheckConstraint check : table.checks()) {
      if (check.name().equals(name)) {
        List<CheckConstraint> checks = new ArrayList<>(table.checks());
        checks.remove(check);
        context.define(table.change().checks(checks).build());
        return;
      }
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.name().equals(name)) {
        new Dropping(context).dropForeignKey(table.id(), key);
        return;
      }
    }
    TableIndex index = table.index(name);
    if (index != null && index.constraint() != TableIndex.Constraint.NONE) {
      dropIndex(table, index, drop.cascade());
    } else if (!drop.ifExists()) {
      throw missing(table, drop.name());
    }
  }

  private void dropIndex(TableDefinition table, TableIndex index, boolean cascade) {
    if (!index.clustered()) {
      new Dropping(context).removeIndex(table.id(), index, cascade);
      return;
    }
    for (Catalog.Reference reference : context.catalog().references(table.id())) {
      if (reference.key().referencedIndex() == index.id()) {
        if (!cascade) {
          throw Dropping.dependent(
              "constraint " + index.name() + " on table " + table.name(),
              "constraint " + reference.key().name() + " on table " + reference.table().name());
        }
        new Dropping(context).dropForeignKey(reference.table().id(), reference.key());
      }
    }
    TableDefinition current = context.catalog().table(table.id());
    assert current != null;
    List<TableIndex> indexes = new ArrayList<>(current.indexes());
    indexes.removeIf(each -> each.id() == index.id());
    TableDefinition changed = current.change().indexes(indexes).clusterKey(List.of()).build();
    new TableRewrite(context).rewrite(current, changed, TableAlteration.columnsOf(current));
  }

  VarveException missing(TableDefinition table, Identifier name) {
    return Spelling.suggest(
            context.error(
                ErrorCode.UNDEFINED_OBJECT,
                name.span(),
                "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist"),
            name.name(),
            ConstraintCreation.names(table))
        .build();
  }
}
