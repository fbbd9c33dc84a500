// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Plans and expressions as EXPLAIN shows them. */
final class Explanation {
  private Explanation() {}

  /** The lines of a plan, indented by depth. */
  static List<String> lines(PhysicalPlan plan) {
    List<String> lines = new ArrayList<>();
    add(plan, 0, lines, node -> "");
    return lines;
  }

  /** What is said of a node behind its name. */
  interface Remark {
    String of(PhysicalPlan node);
  }

  static void add(PhysicalPlan plan, int depth, List<String> lines, Remark remark) {
    String indent = depth == 0 ? "" : "  ".repeat(depth * 3 - 2);
    String arrow = depth == 0 ? "" : "->  ";
    lines.add(
        indent
            + arrow
            + plan.name()
            + String.format(Locale.ROOT, "  (cost=%.2f rows=%.0f)", plan.cost(), plan.rows())
            + remark.of(plan));
    for (String detail : plan.details()) {
      lines.add(indent + (depth == 0 ? "  " : "      ") + detail);
    }
    for (PhysicalPlan child : plan.children()) {
      add(child, depth + 1, lines, remark);
    }
  }

  static String conjunction(List<Expression> conjuncts) {
    StringJoiner joined = new StringJoiner(" AND ");
    conjuncts.forEach(conjunct -> joined.add(text(conjunct)));
    return joined.toString();
  }

  /** An expression, about as it could be written. */
  static String text(Expression expression) {
    if (expression instanceof Expression.ColumnReference reference) {
      return reference.name();
    } else if (expression instanceof Expression.Constant constant) {
      return constant.value() == null
          ? "NULL"
          : constant.value() instanceof String text ? "'" + text + "'" : "" + constant.value();
    } else if (expression instanceof Expression.Parameter parameter) {
      return "$" + (parameter.index() + 1);
    } else if (expression instanceof Expression.Comparison comparison) {
      return "("
          + text(comparison.left())
          + " "
          + comparison.operator().symbol()
          + " "
          + text(comparison.right())
          + ")";
    } else if (expression instanceof Expression.And and) {
      return "(" + list(and.operands(), " AND ") + ")";
    } else if (expression instanceof Expression.Or or) {
      return "(" + list(or.operands(), " OR ") + ")";
    } else if (expression instanceof Expression.Not not) {
      return "(NOT " + text(not.operand()) + ")";
    } else if (expression instanceof Expression.IsNull test) {
      return "(" + text(test.operand()) + (test.negated() ? " IS NOT NULL)" : " IS NULL)");
    } else if (expression instanceof Expression.Cast cast) {
      return text(cast.operand()) + "::" + cast.type();
    } else if (expression instanceof Expression.In in) {
      return "("
          + text(in.operand())
          + (in.negated() ? " NOT IN (" : " IN (")
          + list(in.list().size() > 8 ? in.list().subList(0, 8) : in.list(), ", ")
          + (in.list().size() > 8 ? ", ..))" : "))");
    } else if (expression instanceof Expression.Call call) {
      List<Expression> arguments = call.arguments();
      return call.function().isOperator() && arguments.size() == 2
          ? "("
              + text(arguments.get(0))
              + " "
              + call.function().name()
              + " "
              + text(arguments.get(1))
              + ")"
          : call.function().name() + "(" + list(arguments, ", ") + ")";
    }
    return expression.getClass().getSimpleName().toLowerCase(Locale.ROOT)
        + "("
        + list(Expressions.children(expression), ", ")
        + ")";
  }

  private static String list(List<Expression> expressions, String separator) {
    StringJoiner joined = new StringJoiner(separator);
    expressions.forEach(each -> joined.add(text(each)));
    return joined.toString();
  }
}
