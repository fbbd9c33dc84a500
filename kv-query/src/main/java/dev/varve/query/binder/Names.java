// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.Spelling;
import dev.varve.query.binder.Scope.Entry;
import dev.varve.query.binder.Scope.Relation;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what column names mean, from the innermost query level outwards. */
final class Names {
  private Names() {}

  /** The column of that name. */
  static Expression column(Block block, List<Identifier> parts, Span span) {
    List<String> names = parts.stream().map(Identifier::name).toList();
    if (names.size() > 3) {
      throw ErrorCode.SYNTAX_ERROR
          .error(
              "Improper qualified name (too many dotted names): " + String.join(".", names) + ".")
          .position(span.position())
          .build();
    }
    String name = names.get(names.size() - 1);
    for (Block at = block; at != null; at = at.outer) {
      Expression found =
          names.size() == 1
              ? unqualified(at.scope(), name, span)
              : qualified(at.scope(), names.subList(0, names.size() - 1), name, span);
      if (found != null) {
        return placed(found, span);
      }
    }
    if (block.clause() == Clause.LIMIT) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error("Argument of LIMIT must not contain variables.")
          .position(span.position())
          .build();
    }
    throw names.size() == 1 ? unknownColumn(block, name, span) : unknownTable(block, names, span);
  }

  private static Expression placed(Expression found, Span span) {
    return found instanceof ColumnReference reference
        ? new ColumnReference(
            reference.column(), reference.name(), reference.type(), Position.of(span.position()))
        : found;
  }

  private static @Nullable Expression unqualified(Scope scope, String name, Span span) {
    List<Entry> found = scope.named(name);
    if (found.size() > 1) {
      throw ErrorCode.AMBIGUOUS_COLUMN
          .error("Column reference \"" + name + "\" is ambiguous.")
          .hint("Qualify it with the name of its table.")
          .position(span.position())
          .build();
    }
    return found.isEmpty() ? null : found.get(0).expression();
  }

  private static @Nullable Expression qualified(
      Scope scope, List<String> qualifier, String name, Span span) {
    Relation relation = scope.relation(qualifier);
    if (relation == null) {
      return null;
    }
    Entry match = null;
    for (Entry entry : scope.of(relation)) {
      if (entry.name().equals(name)) {
        if (match != null) {
          throw ErrorCode.AMBIGUOUS_COLUMN
              .error("Column reference \"" + name + "\" is ambiguous.")
              .position(span.position())
              .build();
        }
        match = entry;
      }
    }
    if (match == null) {
      throw missing(relation.name() + "." + name, name, scope.of(relation), span);
    }
    return match.expression();
  }

  private static VarveException missing(
      String shown, String name, List<Entry> candidates, Span span) {
    var error =
        ErrorCode.UNDEFINED_COLUMN
            .error("Column " + quoted(shown) + " does not exist.")
            .position(span.position());
    Set<String> names = new LinkedHashSet<>();
    candidates.forEach(entry -> names.add(entry.name()));
    String near = Spelling.nearest(name, names);
    if (near != null) {
      for (Entry entry : candidates) {
        if (entry.name().equals(near)) {
          String table = entry.relation() == null ? "" : entry.relation().name() + ".";
          error.hint("Perhaps you meant to reference the column \"" + table + near + "\".");
          break;
        }
      }
    }
    return error.build();
  }

  private static String quoted(String name) {
    return name.indexOf('.') >= 0 ? name : "\"" + name + "\"";
  }

  private static VarveException unknownColumn(Block block, String name, Span span) {
    List<Entry> visible = new ArrayList<>();
    for (Block at = block; at != null; at = at.outer) {
      visible.addAll(at.scope().entries());
    }
    return missing(name, name, visible, span);
  }

  private static VarveException unknownTable(Block block, List<String> names, Span span) {
    String table = names.get(names.size() - 2);
    Set<String> visible = new LinkedHashSet<>();
    for (Block at = block; at != null; at = at.outer) {
      at.scope().relations().forEach(relation -> visible.add(relation.name()));
    }
    var error =
        ErrorCode.UNDEFINED_TABLE
            .error("Missing FROM-clause entry for table \"" + table + "\".")
            .position(span.position());
    String near = Spelling.nearest(table, visible);
    if (near != null) {
      error.hint("Perhaps you meant to reference the table \"" + near + "\".");
    }
    return error.build();
  }
}
