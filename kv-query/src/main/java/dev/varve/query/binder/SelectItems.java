// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression.Case;
import dev.varve.query.ast.Expression.Cast;
import dev.varve.query.ast.Expression.Coalesce;
import dev.varve.query.ast.Expression.Collate;
import dev.varve.query.ast.Expression.ColumnReference;
import dev.varve.query.ast.Expression.Exists;
import dev.varve.query.ast.Expression.Extreme;
import dev.varve.query.ast.Expression.FieldAccess;
import dev.varve.query.ast.Expression.FunctionCall;
import dev.varve.query.ast.Expression.NullIf;
import dev.varve.query.ast.Expression.RowConstructor;
import dev.varve.query.ast.Expression.ScalarSubquery;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the items of a select list are called and what {@code *} stands for. */
final class SelectItems {
  private static final String UNNAMED = "?column?";

  private SelectItems() {}

  /** The columns that {@code *} or {@code table.*} stands for. */
  static List<Scope.Entry> star(Scope scope, SelectItem.Star star) {
    if (star.qualifier().isEmpty()) {
      if (scope.relations().isEmpty()) {
        throw ErrorCode.SYNTAX_ERROR
            .error("SELECT * with no tables specified is not valid.")
            .position(star.span().position())
            .build();
      }
      return scope.star();
    }
    List<String> names = star.qualifier().stream().map(Identifier::name).toList();
    Scope.Relation relation = scope.relation(names);
    if (relation == null) {
      throw ErrorCode.UNDEFINED_TABLE
          .error("Missing FROM-clause entry for table \"" + names.get(names.size() - 1) + "\".")
          .position(star.span().position())
          .build();
    }
    return scope.of(relation).stream().filter(entry -> !entry.name().startsWith("$")).toList();
  }

  /** The name of an item, as given or as PostgreSQL derives it. */
  static String name(SelectItem.Output item) {
    return item.alias() != null ? item.alias().name() : nameOf(item.expression());
  }

  static String nameOf(dev.varve.query.ast.Expression node) {
    String name = derived(node);
    return name == null ? UNNAMED : name;
  }

  private static @Nullable String derived(dev.varve.query.ast.Expression node) {
    if (node instanceof ColumnReference reference) {
      return reference.name();
    } else if (node instanceof FunctionCall call) {
      return call.name().name();
    } else if (node instanceof Cast cast) {
      String inner = derived(cast.operand());
      return inner == null || inner.equals("case") ? cast.type().name().name() : inner;
    } else if (node instanceof Case cases) {
      String inner = cases.otherwise() == null ? null : derived(cases.otherwise());
      return inner == null ? "case" : inner;
    } else if (node instanceof Coalesce) {
      return "coalesce";
    } else if (node instanceof NullIf) {
      return "nullif";
    } else if (node instanceof Extreme extreme) {
      return extreme.greatest() ? "greatest" : "least";
    } else if (node instanceof Exists) {
      return "exists";
    } else if (node instanceof Collate collate) {
      return derived(collate.operand());
    } else if (node instanceof FieldAccess access) {
      return access.field().name();
    } else if (node instanceof RowConstructor) {
      return "row";
    } else if (node instanceof ScalarSubquery subquery) {
      return ofSubquery(subquery.query());
    } else if (node instanceof dev.varve.query.ast.Expression.AtTimeZone) {
      return "timezone";
    }
    return null;
  }

  private static @Nullable String ofSubquery(Query query) {
    return query.body() instanceof QueryBody.Select select
            && select.items().get(0) instanceof SelectItem.Output output
        ? output.alias() != null ? output.alias().name() : derived(output.expression())
        : null;
  }
}
