// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Spelling;
import dev.varve.query.ast.TypeName;
import dev.varve.query.type.IntervalFields;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the type that a statement names. */
public final class TypeNames {
  private static final int MAX_PRECISION = 1000;
  private static final int MAX_SCALE = 1000;
  private static final int MAX_CHARS = 10_485_760;
  private static final int MAX_FRACTION_DIGITS = 6;

  private TypeNames() {}

  /**
   * The type that {@code name} means.
   *
   * @throws VarveException {@code UNDEFINED_OBJECT}, {@code NOT_SUPPORTED} for arrays, {@code
   *     INVALID_ARGUMENT} for modifiers out of range
   */
  public static SqlType resolve(TypeName name, SourceText source) {
    if (name.arrayDimensions() > 0) {
      throw source.error(ErrorCode.NOT_SUPPORTED, name.span(), "arrays are not supported").build();
    }
    String text = name.name().name();
    TypeKind kind = name.name().parts().size() == 1 ? SqlType.kindNamed(text) : null;
    if (kind == null) {
      VarveException.Builder error =
          source.error(
              ErrorCode.UNDEFINED_OBJECT,
              name.span(),
              "type \"" + name.name() + "\" does not exist");
      throw Spelling.suggest(error, text, known()).build();
    }
    return modified(kind, name, source);
  }

  private static List<String> known() {
    List<String> names = new ArrayList<>();
    for (TypeKind kind : TypeKind.values()) {
      names.add(kind.name().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private static SqlType modified(TypeKind kind, TypeName name, SourceText source) {
    List<Integer> modifiers = name.modifiers();
    if (kind == TypeKind.INTERVAL) {
      return interval(name, source);
    }
    if (modifiers.isEmpty()) {
      return SqlType.of(kind);
    }
    int first = modifiers.get(0);
    switch (kind) {
      case NUMERIC:
        int scale = modifiers.size() > 1 ? modifiers.get(1) : 0;
        if (first < 1 || first > MAX_PRECISION) {
          throw invalid(
              name,
              source,
              "NUMERIC precision " + first + " must be between 1 and " + MAX_PRECISION);
        }
        if (scale < -MAX_SCALE || scale > MAX_SCALE) {
          throw invalid(
              name,
              source,
              "NUMERIC scale " + scale + " must be between -" + MAX_SCALE + " and " + MAX_SCALE);
        }
        if (modifiers.size() > 2) {
          throw invalid(name, source, "invalid NUMERIC type modifier");
        }
        return SqlType.numeric(first, scale);
      case VARCHAR, CHAR:
        String spelled = kind == TypeKind.CHAR ? "char" : "varchar";
        if (first < 1) {
          throw invalid(name, source, "length for type " + spelled + " must be at least 1");
        }
        if (first > MAX_CHARS) {
          throw invalid(name, source, "length for type " + spelled + " cannot exceed " + MAX_CHARS);
        }
        return kind == TypeKind.CHAR ? SqlType.character(first) : SqlType.varchar(first);
      case TIME, TIMESTAMP, TIMESTAMPTZ:
        return SqlType.temporal(kind, digits(first, name, source));
      default:
        throw source
            .error(
                ErrorCode.SYNTAX_ERROR,
                name.span(),
                "type modifier is not allowed for type \"" + name.name() + "\"")
            .build();
    }
  }

  private static SqlType interval(TypeName name, SourceText source) {
    int digits =
        name.modifiers().isEmpty() ? SqlType.NONE : digits(name.modifiers().get(0), name, source);
    IntervalFields fields = IntervalFields.ALL;
    if (name.intervalFields() != null) {
      try {
        fields = IntervalFields.valueOf(name.intervalFields().replace(' ', '_'));
      } catch (IllegalArgumentException e) {
        throw source
            .error(
                ErrorCode.SYNTAX_ERROR,
                name.span(),
                "invalid interval fields " + name.intervalFields())
            .cause(e)
            .build();
      }
    }
    return SqlType.interval(fields, digits);
  }

  /** PostgreSQL reduces a greater precision to the greatest it has, with a warning. */
  private static int digits(int given, TypeName name, SourceText source) {
    if (given < 0) {
      throw invalid(name, source, "precision of " + name.name() + " must not be negative");
    }
    return Math.min(given, MAX_FRACTION_DIGITS);
  }

  private static VarveException invalid(TypeName name, SourceText source, String sentence) {
    return source.error(ErrorCode.INVALID_ARGUMENT, name.span(), sentence).build();
  }
}
