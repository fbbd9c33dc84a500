// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which types convert into which, and when: PostgreSQL's cast matrix and its rule for common types. */
public enum Coercion {
  /** Done wherever it makes an expression valid. */
  IMPLICIT,
  /** Done when a value is stored in a column. */
  ASSIGNMENT,
  /** Done only when written as a cast. */
  EXPLICIT,
  /** Not possible. */
  NONE;

  /** Whether this conversion may be done where {@code context} is what the user wrote. */
  public boolean isAllowedIn(Coercion context) {
    return this != NONE && compareTo(context) <= 0;
  }

  /** How {@code from} converts into {@code to}. */
  public static Coercion between(TypeKind from, TypeKind to) {
    if (from == to || from == TypeKind.UNKNOWN) {
      return IMPLICIT;
    }
    if (to == TypeKind.UNKNOWN) {
      return NONE;
    }
    if (from.isText()) {
      return to.isText() ? IMPLICIT : EXPLICIT;
    }
    if (to.isText()) {
      return ASSIGNMENT;
    }
    if (from.isNumber() && to.isNumber()) {
      return betweenNumbers(from, to);
    }
    return switch (from) {
      case BOOLEAN -> to == TypeKind.INTEGER ? EXPLICIT : NONE;
      case INTEGER -> to == TypeKind.BOOLEAN ? EXPLICIT : NONE;
      case DATE -> to == TypeKind.TIMESTAMP || to == TypeKind.TIMESTAMPTZ ? IMPLICIT : NONE;
      case TIME -> to == TypeKind.INTERVAL ? IMPLICIT : NONE;
      case INTERVAL -> to == TypeKind.TIME ? ASSIGNMENT : NONE;
      case TIMESTAMP ->
          to == TypeKind.TIMESTAMPTZ
              ? IMPLICIT
              : to == TypeKind.DATE || to == TypeKind.TIME ? ASSIGNMENT : NONE;
      case TIMESTAMPTZ ->
          to == TypeKind.TIMESTAMP || to == TypeKind.DATE || to == TypeKind.TIME
              ? ASSIGNMENT
              : NONE;
      default -> NONE;
    };
  }

  private static Coercion betweenNumbers(TypeKind from, TypeKind to) {
    return numberRank(from) < numberRank(to) ? IMPLICIT : ASSIGNMENT;
  }

  private static int numberRank(TypeKind kind) {
    return switch (kind) {
      case SMALLINT -> 0;
      case INTEGER -> 1;
      case BIGINT -> 2;
      case NUMERIC -> 3;
      case REAL -> 4;
      default -> 5;
    };
  }

  /**
   * The type that the results of CASE, UNION, VALUES, COALESCE and the like have in common, or null
   * when they have none. Modifiers are kept where all agree. UNKNOWN alone becomes TEXT.
   */
  public static @Nullable SqlType common(List<SqlType> types) {
    SqlType result = SqlType.UNKNOWN;
    boolean modifiersAgree = true;
    for (SqlType type : types) {
      if (type.kind() == TypeKind.UNKNOWN) {
        continue;
      }
      if (result.kind() == TypeKind.UNKNOWN) {
        result = type;
      } else if (type.kind() == result.kind()) {
        modifiersAgree &= type.equals(result);
      } else if (type.kind().category() != result.kind().category()) {
        return null;
      } else {
        modifiersAgree = false;
        if (!result.kind().isPreferred()
            && between(result.kind(), type.kind()) == IMPLICIT
            && !(between(type.kind(), result.kind()) == IMPLICIT && !type.kind().isPreferred())) {
          result = type;
        }
      }
    }
    if (result.kind() == TypeKind.UNKNOWN) {
      return SqlType.TEXT;
    }
    for (SqlType type : types) {
      if (between(type.kind(), result.kind()) != IMPLICIT) {
        return null;
      }
    }
    return modifiersAgree ? result : result.withoutModifier();
  }

  /**
   * The kind in which values of the two kinds are compared, or null when they cannot be. Two literals
   * compare as text.
   */
  public static @Nullable TypeKind comparison(TypeKind left, TypeKind right) {
    if (left == right) {
      return left == TypeKind.UNKNOWN || left == TypeKind.VARCHAR ? TypeKind.TEXT : left;
    }
    if (left == TypeKind.UNKNOWN || right == TypeKind.UNKNOWN) {
      TypeKind known = left == TypeKind.UNKNOWN ? right : left;
      return known == TypeKind.VARCHAR ? TypeKind.TEXT : known;
    }
    if (left.category() != right.category()) {
      return null;
    }
    if (left.isText()) {
      return left == TypeKind.TEXT || right == TypeKind.TEXT ? TypeKind.TEXT : TypeKind.CHAR;
    }
    if (left.isFloat() || right.isFloat()) {
      return TypeKind.DOUBLE;
    }
    if (between(left, right) == IMPLICIT) {
      return right;
    }
    return between(right, left) == IMPLICIT ? left : null;
  }
}
