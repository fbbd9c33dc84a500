// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.operator.CteScanOperator;
import dev.varve.query.operator.DistinctOnOperator;
import dev.varve.query.operator.FilterOperator;
import dev.varve.query.operator.FunctionScanOperator;
import dev.varve.query.operator.GivenOperator;
import dev.varve.query.operator.LimitOperator;
import dev.varve.query.operator.LockRowsOperator;
import dev.varve.query.operator.ProjectOperator;
import dev.varve.query.operator.ProjectSetOperator;
import dev.varve.query.operator.RecursiveUnionOperator;
import dev.varve.query.operator.UnionAllOperator;
import dev.varve.query.operator.ValuesOperator;
import dev.varve.query.operator.WithOperator;
import dev.varve.query.optimizer.Cardinality;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.DistinctOn;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.GivenRows;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LockRows;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.ProjectSet;
import dev.varve.query.plan.RecursiveUnion;
import dev.varve.query.plan.Scan;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Values;
import dev.varve.query.plan.Window;
import dev.varve.query.plan.With;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the algorithm of each node of a logical plan. One per planning; one thread. */
final class PhysicalPlanner {
  private final Resolver resolver;
  private final Cardinality cardinality;
  private final ScanPlanner scans;
  private final JoinPlanner joins;
  private final BlockingPlanner blocking;

  PhysicalPlanner(Resolver resolver, Cardinality cardinality, PlannerOptions options) {
    this.resolver = resolver;
    this.cardinality = cardinality;
    this.scans = new ScanPlanner(resolver, cardinality, options);
    this.joins = new JoinPlanner(this, resolver, cardinality, scans, options);
    this.blocking = new BlockingPlanner(this, resolver, cardinality);
  }

  /** A plan that yields exactly {@code output}, in order. */
  PhysicalPlan plan(LogicalPlan plan, List<PlanColumn> output) {
    PhysicalPlan root = plan(plan, Need.of(ColumnSet.of(output)));
    return arranged(root, output);
  }

  /** The columns of {@code plan} in another order, or some of them. */
  PhysicalPlan arranged(PhysicalPlan plan, List<PlanColumn> output) {
    List<Integer> ids = plan.columns().stream().map(PlanColumn::id).toList();
    if (ids.equals(output.stream().map(PlanColumn::id).toList())) {
      return plan;
    }
    List<Expression> references = new ArrayList<>();
    output.forEach(column -> references.add(column.reference()));
    List<Expression> resolved = resolver.resolveAll(references, plan.columns());
    List<SqlType> types = types(output);
    return new PhysicalPlan(
        "Project",
        List.of(),
        List.of(plan),
        output,
        plan.order(),
        plan.rows(),
        plan.cost(),
        (children, compiler) ->
            new ProjectOperator(children.get(0), compiler.compileAll(resolved), types));
  }

  static List<SqlType> types(List<PlanColumn> columns) {
    return columns.stream().map(PlanColumn::type).toList();
  }

  /** A plan of a node for what its reader needs. */
  PhysicalPlan plan(LogicalPlan node, Need need) {
    if (node instanceof Scan scan) {
      return scans.plan(scan, List.of(), need);
    } else if (node instanceof Filter filter) {
      return filter(filter, need);
    } else if (node instanceof Project project) {
      return project(project, need);
    } else if (node instanceof Join join) {
      return joins.plan(join, need);
    } else if (node instanceof Aggregate aggregate) {
      return blocking.aggregate(aggregate, need);
    } else if (node instanceof Window window) {
      return blocking.window(window, need);
    } else if (node instanceof Sort sort) {
      return blocking.sort(sort, need);
    } else if (node instanceof Limit limit) {
      return limit(limit, need);
    } else if (node instanceof Values values) {
      return values(values);
    } else if (node instanceof UnionAll union) {
      return union(union, need);
    }
    return planRare(node, need);
  }

  private PhysicalPlan planRare(LogicalPlan node, Need need) {
    if (node instanceof DistinctOn distinct) {
      return distinctOn(distinct, need);
    } else if (node instanceof With with) {
      return with(with, need);
    } else if (node instanceof CteScan scan) {
      return cteScan(scan);
    } else if (node instanceof RecursiveUnion recursive) {
      return recursive(recursive);
    } else if (node instanceof FunctionScan scan) {
      return functionScan(scan);
    } else if (node instanceof ProjectSet set) {
      return projectSet(set, need);
    } else if (node instanceof LockRows lock) {
      return lockRows(lock, need);
    }
    GivenRows given = (GivenRows) node;
    int[] ordinals = given.ordinals().stream().mapToInt(Integer::intValue).toArray();
    List<SqlType> types = types(given.output());
    return new PhysicalPlan(
        "Given Rows",
        List.of(given.name()),
        List.of(),
        given.output(),
        List.of(),
        cardinality.rows(node),
        cardinality.rows(node),
        (children, compiler) -> new GivenOperator(given.name(), ordinals, types));
  }

  private PhysicalPlan filter(Filter filter, Need need) {
    if (filter.child() instanceof Scan scan) {
      return scans.plan(scan, filter.conjuncts(), need);
    }
    Need below = need.and(ColumnSet.read(filter.conjuncts()));
    return filtered(plan(filter.child(), below), filter.conjuncts(), cardinality.rows(filter));
  }

  /** A filter over {@code child}. */
  PhysicalPlan filtered(PhysicalPlan child, List<Expression> conjuncts, double rows) {
    if (conjuncts.isEmpty()) {
      return child;
    }
    List<Expression> resolved = resolver.resolveAll(conjuncts, child.columns());
    return new PhysicalPlan(
        "Filter",
        List.of("Filter: " + Explanation.conjunction(conjuncts)),
        List.of(child),
        child.columns(),
        child.order(),
        rows,
        child.cost() + child.rows() * 0.2 * conjuncts.size(),
        (children, compiler) -> new FilterOperator(children.get(0), compiler.compileAll(resolved)));
  }

  private PhysicalPlan project(Project project, Need need) {
    List<Assignment> wanted = new ArrayList<>();
    for (Assignment assignment : project.assignments()) {
      if (need.has(assignment.column().id())) {
        wanted.add(assignment);
      }
    }
    BitSet read = new BitSet();
    wanted.forEach(assignment -> read.or(ColumnSet.read(assignment.expression())));
    PhysicalPlan child =
        plan(project.child(), new Need(read, below(need.order(), wanted), need.limit()));
    List<PlanColumn> columns = wanted.stream().map(Assignment::column).toList();
    List<Expression> resolved =
        resolver.resolveAll(wanted.stream().map(Assignment::expression).toList(), child.columns());
    List<SqlType> types = types(columns);
    return new PhysicalPlan(
        "Project",
        List.of(),
        List.of(child),
        columns,
        above(child.order(), wanted),
        child.rows(),
        child.cost() + child.rows() * 0.05 * wanted.size(),
        (children, compiler) ->
            new ProjectOperator(children.get(0), compiler.compileAll(resolved), types));
  }

  /** An order in the columns below a projection; empty when it cannot be said there. */
  private static List<SortOrder> below(List<SortOrder> order, List<Assignment> assignments) {
    List<SortOrder> translated = new ArrayList<>(order.size());
    for (SortOrder key : order) {
      SortOrder found = null;
      for (Assignment assignment : assignments) {
        if (assignment.column().id() == key.column()
            && assignment.expression() instanceof ColumnReference reference) {
          found = new SortOrder(reference.column(), key.descending(), key.nullsFirst());
        }
      }
      if (found == null) {
        return List.of();
      }
      translated.add(found);
    }
    return translated;
  }

  /** As much of an order below a projection as can be said above it. */
  private static List<SortOrder> above(List<SortOrder> order, List<Assignment> assignments) {
    List<SortOrder> translated = new ArrayList<>(order.size());
    for (SortOrder key : order) {
      SortOrder found = null;
      for (Assignment assignment : assignments) {
        if (assignment.expression() instanceof ColumnReference reference
            && reference.column() == key.column()) {
          found = new SortOrder(assignment.column().id(), key.descending(), key.nullsFirst());
        }
      }
      if (found == null) {
        return translated;
      }
      translated.add(found);
    }
    return translated;
  }

  private PhysicalPlan limit(Limit limit, Need need) {
    BitSet read = new BitSet();
    limit.columnsRead().forEach(read::set);
    double wanted = Limits.rows(limit, need.limit());
    Need below = need.and(read);
    LogicalPlan source = limit.child();
    if (limit.ties().isEmpty() && source instanceof Sort sort) {
      PhysicalPlan top = blocking.top(limit, sort, new Need(below.columns(), List.of(), wanted));
      if (top != null) {
        return top;
      }
    }
    PhysicalPlan child = plan(source, new Need(below.columns(), need.order(), wanted));
    return limited(limit, child);
  }

  /** LIMIT and OFFSET over {@code child}. */
  PhysicalPlan limited(Limit limit, PhysicalPlan child) {
    @Nullable Expression count =
        limit.count() == null ? null : resolver.resolve(limit.count(), List.of());
    @Nullable Expression offset =
        limit.offset() == null ? null : resolver.resolve(limit.offset(), List.of());
    int[] ties = limit.ties().stream().mapToInt(key -> child.position(key.column())).toArray();
    double rows = cardinality.rows(limit);
    return new PhysicalPlan(
        "Limit",
        Limits.details(limit),
        List.of(child),
        child.columns(),
        child.order(),
        rows,
        child.cost() * Math.min(1, rows / Math.max(1, child.rows())),
        (children, compiler) ->
            new LimitOperator(
                children.get(0),
                count == null ? null : compiler.compile(count),
                offset == null ? null : compiler.compile(offset),
                ties));
  }

  private PhysicalPlan values(Values values) {
    List<List<Expression>> rows = new ArrayList<>(values.rows().size());
    for (List<Expression> row : values.rows()) {
      rows.add(resolver.resolveAll(row, List.of()));
    }
    List<SqlType> types = types(values.output());
    return new PhysicalPlan(
        values.output().isEmpty() ? "Result" : "Values",
        List.of(),
        List.of(),
        values.output(),
        List.of(),
        rows.size(),
        rows.size(),
        (children, compiler) ->
            new ValuesOperator(types, rows.stream().map(compiler::compileAll).toList()));
  }

  private PhysicalPlan union(UnionAll union, Need need) {
    List<Integer> kept = new ArrayList<>();
    List<PlanColumn> output = new ArrayList<>();
    for (int i = 0; i < union.output().size(); i++) {
      if (need.has(union.output().get(i).id())) {
        kept.add(i);
        output.add(union.output().get(i));
      }
    }
    List<PhysicalPlan> inputs = new ArrayList<>();
    double rows = 0;
    double cost = 0;
    for (int i = 0; i < union.inputs().size(); i++) {
      LogicalPlan input = union.inputs().get(i);
      List<Integer> all = union.inputColumns().get(i);
      PhysicalPlan planned = planOf(input, kept.stream().map(all::get).toList(), need.limit());
      inputs.add(planned);
      rows += planned.rows();
      cost += planned.cost();
    }
    return new PhysicalPlan(
        "Append",
        List.of(),
        inputs,
        output,
        List.of(),
        rows,
        cost,
        (children, compiler) -> new UnionAllOperator(children));
  }

  /** A plan that yields exactly the columns of those numbers, in order. */
  private PhysicalPlan planOf(LogicalPlan plan, List<Integer> columns, double limit) {
    BitSet read = new BitSet();
    columns.forEach(read::set);
    PhysicalPlan planned = plan(plan, new Need(read, List.of(), limit));
    List<PlanColumn> output = new ArrayList<>();
    for (int column : columns) {
      output.add(planned.columns().get(planned.position(column)));
    }
    return arranged(planned, output);
  }

  private PhysicalPlan distinctOn(DistinctOn distinct, Need need) {
    BitSet read = new BitSet();
    distinct.keys().forEach(read::set);
    PhysicalPlan child = plan(distinct.child(), need.unordered().and(read));
    int[] keys = distinct.keys().stream().mapToInt(child::position).toArray();
    return new PhysicalPlan(
        "Unique",
        List.of(),
        List.of(child),
        child.columns(),
        child.order(),
        cardinality.rows(distinct),
        child.cost() + child.rows(),
        (children, compiler) -> new DistinctOnOperator(children.get(0), keys));
  }

  private PhysicalPlan with(With with, Need need) {
    cardinality.rows(with);
    PhysicalPlan definition = planOf(with.definition(), with.definitionColumns(), Need.ALL);
    PhysicalPlan body = plan(with.body(), need);
    return new PhysicalPlan(
        "With",
        List.of("CTE " + with.name()),
        List.of(definition, body),
        body.columns(),
        body.order(),
        body.rows(),
        definition.cost() + body.cost(),
        (children, compiler) -> new WithOperator(with.cte(), children.get(0), children.get(1)));
  }

  private PhysicalPlan cteScan(CteScan scan) {
    int[] ordinals = scan.ordinals().stream().mapToInt(Integer::intValue).toArray();
    List<SqlType> types = types(scan.output());
    double rows = cardinality.rows(scan);
    return new PhysicalPlan(
        "CTE Scan on " + scan.name(),
        List.of(),
        List.of(),
        scan.output(),
        List.of(),
        rows,
        rows,
        (children, compiler) -> new CteScanOperator(scan.cte(), ordinals, types));
  }

  private PhysicalPlan recursive(RecursiveUnion recursive) {
    double rows = cardinality.rows(recursive);
    PhysicalPlan anchor = planOf(recursive.anchor(), recursive.anchorColumns(), Need.ALL);
    PhysicalPlan step = planOf(recursive.step(), recursive.stepColumns(), Need.ALL);
    return new PhysicalPlan(
        "Recursive Union",
        List.of(),
        List.of(anchor, step),
        recursive.output(),
        List.of(),
        rows,
        anchor.cost() + step.cost() * 10,
        (children, compiler) ->
            new RecursiveUnionOperator(
                recursive.cte(), children.get(0), children.get(1), recursive.distinct()));
  }

  private PhysicalPlan functionScan(FunctionScan scan) {
    List<FunctionScan.Call> calls = resolved(scan.calls(), List.of());
    double rows = cardinality.rows(scan);
    return new PhysicalPlan(
        "Function Scan on " + scan.calls().get(0).function().name(),
        List.of(),
        List.of(),
        scan.output(),
        List.of(),
        rows,
        rows,
        (children, compiler) ->
            new FunctionScanOperator(setCalls(calls, compiler), scan.ordinality()));
  }

  private List<FunctionScan.Call> resolved(List<FunctionScan.Call> calls, List<PlanColumn> input) {
    return calls.stream()
        .map(call -> call.map(argument -> resolver.resolve(argument, input)))
        .toList();
  }

  private static List<FunctionScanOperator.SetCall> setCalls(
      List<FunctionScan.Call> calls, dev.varve.query.expression.ExpressionCompiler compiler) {
    return calls.stream()
        .map(
            call ->
                new FunctionScanOperator.SetCall(
                    call.function(), compiler.compileAll(call.arguments())))
        .toList();
  }

  private PhysicalPlan projectSet(ProjectSet set, Need need) {
    PhysicalPlan child = plan(set.child(), need.unordered().and(ColumnSet.read(set.expressions())));
    List<FunctionScan.Call> calls = resolved(set.calls(), child.columns());
    List<PlanColumn> columns = new ArrayList<>(child.columns());
    columns.addAll(set.columns());
    return new PhysicalPlan(
        "ProjectSet",
        List.of(),
        List.of(child),
        columns,
        List.of(),
        child.rows() * 10,
        child.cost() + child.rows() * 10,
        (children, compiler) -> new ProjectSetOperator(children.get(0), setCalls(calls, compiler)));
  }

  private PhysicalPlan lockRows(LockRows lock, Need need) {
    BitSet read = new BitSet();
    lock.columnsRead().forEach(read::set);
    PhysicalPlan child = plan(lock.child(), need.and(read));
    List<LockRowsOperator.Target> targets =
        lock.targets().stream()
            .map(
                target ->
                    new LockRowsOperator.Target(
                        target.table().keyspace(),
                        child.position(target.key()),
                        target.mode(),
                        target.waiting()))
            .toList();
    return new PhysicalPlan(
        "LockRows",
        List.of(),
        List.of(child),
        child.columns(),
        child.order(),
        child.rows(),
        child.cost() + child.rows(),
        (children, compiler) -> new LockRowsOperator(children.get(0), targets));
  }
}
