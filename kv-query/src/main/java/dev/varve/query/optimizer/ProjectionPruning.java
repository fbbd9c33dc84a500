// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.GivenRows;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.PlanRewriter;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.RecursiveUnion;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Values;
import dev.varve.query.plan.Window;
import dev.varve.query.plan.With;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Drops columns that nobody reads, and joins and windows that were only there for them. */
final class ProjectionPruning implements Pass {
  @Override
  public String name() {
    return "projection_pruning";
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan, PassContext context) {
    return prune(plan, ColumnSet.produced(plan));
  }

  private static LogicalPlan prune(LogicalPlan plan, BitSet needed) {
    if (plan instanceof Scan scan) {
      return scan(scan, needed);
    } else if (plan instanceof Project project) {
      return project(project, needed);
    } else if (plan instanceof Aggregate aggregate) {
      List<Aggregate.Item> items =
          aggregate.items().stream().filter(item -> needed.get(item.column().id())).toList();
      return items.isEmpty() && aggregate.isScalar()
          ? Values.oneRow()
          : descend(new Aggregate(aggregate.child(), aggregate.keys(), items), new BitSet());
    } else if (plan instanceof Window window) {
      return window(window, needed);
    } else if (plan instanceof Join join) {
      return join(join, needed);
    } else if (plan instanceof UnionAll union) {
      return union(union, needed);
    } else if (plan instanceof CteScan scan) {
      return cteScan(scan, needed);
    } else if (plan instanceof Values
        || plan instanceof FunctionScan
        || plan instanceof GivenRows) {
      return plan;
    } else if (plan instanceof With with) {
      BitSet definition = new BitSet();
      with.definitionColumns().forEach(definition::set);
      return with.withChildren(
          List.of(prune(with.definition(), definition), prune(with.body(), needed)));
    } else if (plan instanceof RecursiveUnion recursive) {
      BitSet all = new BitSet();
      recursive.columnsRead().forEach(all::set);
      return PlanRewriter.mapChildren(recursive, child -> prune(child, all));
    }
    return descend(plan, needed);
  }

  /** Prunes the children of a node that hands through what is needed and reads more. */
  private static LogicalPlan descend(LogicalPlan plan, BitSet needed) {
    BitSet read = ColumnSet.union(needed, ColumnSet.read(plan.expressions()));
    plan.columnsRead().forEach(read::set);
    return PlanRewriter.mapChildren(plan, child -> prune(child, read));
  }

  private static LogicalPlan scan(Scan scan, BitSet needed) {
    List<PlanColumn> columns = new ArrayList<>();
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < scan.columns().size(); i++) {
      if (needed.get(scan.columns().get(i).id())) {
        columns.add(scan.columns().get(i));
        ordinals.add(scan.ordinals().get(i));
      }
    }
    PlanColumn rowKey =
        scan.rowKey() != null && needed.get(scan.rowKey().id()) ? scan.rowKey() : null;
    return new Scan(scan.table(), scan.alias(), columns, ordinals, rowKey, scan.asOf());
  }

  private static LogicalPlan project(Project project, BitSet needed) {
    List<Assignment> kept = new ArrayList<>();
    for (Assignment assignment : project.assignments()) {
      if (needed.get(assignment.column().id())) {
        kept.add(assignment);
      }
    }
    return descend(new Project(project.child(), kept), new BitSet());
  }

  private static LogicalPlan window(Window window, BitSet needed) {
    List<Window.Item> items =
        window.items().stream().filter(item -> needed.get(item.column().id())).toList();
    return items.isEmpty()
        ? prune(window.child(), needed)
        : descend(new Window(window.child(), items), needed);
  }

  private static LogicalPlan join(Join join, BitSet needed) {
    boolean readsRight = needed.intersects(ColumnSet.produced(join.right()));
    boolean useless =
        join.kind() == JoinKind.MARK && join.mark() != null && !needed.get(join.mark().id())
            || join.kind() == JoinKind.LEFT && !readsRight && Uniqueness.hasAtMostOnePartner(join);
    if (useless) {
      return prune(join.left(), needed);
    }
    BitSet read = ColumnSet.union(needed, ColumnSet.read(join.expressions()));
    BitSet outer = ColumnSet.union(read, ColumnSet.free(join.right()));
    return join.withChildren(List.of(prune(join.left(), outer), prune(join.right(), read)));
  }

  private static LogicalPlan union(UnionAll union, BitSet needed) {
    List<Integer> kept = new ArrayList<>();
    List<PlanColumn> output = new ArrayList<>();
    for (int i = 0; i < union.output().size(); i++) {
      if (needed.get(union.output().get(i).id())) {
        kept.add(i);
        output.add(union.output().get(i));
      }
    }
    List<LogicalPlan> inputs = new ArrayList<>();
    List<List<Integer>> inputColumns = new ArrayList<>();
    for (int i = 0; i < union.inputs().size(); i++) {
      List<Integer> all = union.inputColumns().get(i);
      List<Integer> mine = kept.stream().map(all::get).toList();
      BitSet read = new BitSet();
      mine.forEach(read::set);
      inputs.add(prune(union.inputs().get(i), read));
      inputColumns.add(mine);
    }
    return new UnionAll(inputs, inputColumns, output);
  }

  private static LogicalPlan cteScan(CteScan scan, BitSet needed) {
    List<PlanColumn> columns = new ArrayList<>();
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < scan.output().size(); i++) {
      if (needed.get(scan.output().get(i).id())) {
        columns.add(scan.output().get(i));
        ordinals.add(scan.ordinals().get(i));
      }
    }
    return new CteScan(scan.cte(), scan.name(), columns, ordinals);
  }
}
