// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.Coercion;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the overload that a call means, as PostgreSQL does: an exact match; else, among those that
 * implicit conversions make applicable, the one with most exact matches, then with most preferred
 * types, then by the families that undecided literals suggest.
 *
 * @param <C> the candidates' class
 */
final class OverloadResolution<C> {
  /** What resolution wants to know of a candidate. */
  interface Signatures<C> {
    /** Whether it takes that many arguments. */
    boolean accepts(C candidate, int count);

    /** The type of an argument; null for any. */
    @Nullable TypeKind parameter(C candidate, int index);
  }

  private final Signatures<C> signatures;
  private final List<TypeKind> arguments;

  private OverloadResolution(Signatures<C> signatures, List<TypeKind> arguments) {
    this.signatures = signatures;
    this.arguments = arguments;
  }

  /** The candidates that remain: one when the call is clear, none, or several when ambiguous. */
  static <C> List<C> resolve(
      List<C> candidates, List<TypeKind> arguments, Signatures<C> signatures, boolean isOperator) {
    return new OverloadResolution<>(signatures, arguments).resolve(candidates, isOperator);
  }

  private List<C> resolve(List<C> candidates, boolean isOperator) {
    int count = arguments.size();
    List<C> applicable = new ArrayList<>();
    for (C candidate : candidates) {
      if (signatures.accepts(candidate, count)) {
        if (isExact(candidate, arguments::get)) {
          return List.of(candidate);
        }
        if (isApplicable(candidate)) {
          applicable.add(candidate);
        }
      }
    }
    if (isOperator && count == 2 && arguments.contains(TypeKind.UNKNOWN)) {
      TypeKind known = arguments.get(arguments.get(0) == TypeKind.UNKNOWN ? 1 : 0);
      for (C candidate : applicable) {
        if (known != TypeKind.UNKNOWN && isExact(candidate, i -> known)) {
          return List.of(candidate);
        }
      }
    }
    if (applicable.size() > 1) {
      applicable = best(applicable, this::exactMatches);
    }
    if (applicable.size() > 1) {
      applicable = best(applicable, this::preferredMatches);
    }
    if (applicable.size() > 1 && arguments.contains(TypeKind.UNKNOWN)) {
      applicable = byLiterals(applicable);
    }
    return applicable;
  }

  private boolean isExact(C candidate, IntFunction<TypeKind> types) {
    for (int i = 0; i < arguments.size(); i++) {
      if (signatures.parameter(candidate, i) != types.apply(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isApplicable(C candidate) {
    for (int i = 0; i < arguments.size(); i++) {
      TypeKind parameter = signatures.parameter(candidate, i);
      if (parameter != null && Coercion.between(arguments.get(i), parameter) != Coercion.IMPLICIT) {
        return false;
      }
    }
    return true;
  }

  private int exactMatches(C candidate) {
    int matches = 0;
    for (int i = 0; i < arguments.size(); i++) {
      TypeKind parameter = signatures.parameter(candidate, i);
      TypeKind argument = arguments.get(i);
      if (argument != TypeKind.UNKNOWN && baseOf(argument) == parameter) {
        matches++;
      }
    }
    return matches;
  }

  /** VARCHAR has no functions of its own: it counts as TEXT. */
  private static TypeKind baseOf(TypeKind kind) {
    return kind == TypeKind.VARCHAR ? TypeKind.TEXT : kind;
  }

  private int preferredMatches(C candidate) {
    int matches = 0;
    for (int i = 0; i < arguments.size(); i++) {
      TypeKind parameter = signatures.parameter(candidate, i);
      TypeKind argument = arguments.get(i);
      if (argument != TypeKind.UNKNOWN
          && parameter != null
          && (baseOf(argument) == parameter
              || parameter.isPreferred() && parameter.category() == argument.category())) {
        matches++;
      }
    }
    return matches;
  }

  private interface Score<C> {
    int of(C candidate);
  }

  private static <C> List<C> best(List<C> candidates, Score<C> score) {
    int best = 0;
    List<C> result = new ArrayList<>();
    for (C candidate : candidates) {
      int value = score.of(candidate);
      if (value > best) {
        best = value;
        result.clear();
      }
      if (value == best) {
        result.add(candidate);
      }
    }
    return result;
  }

  private List<C> byLiterals(List<C> candidates) {
    List<C> remaining = candidates;
    for (int i = 0; i < arguments.size() && remaining.size() > 1; i++) {
      if (arguments.get(i) == TypeKind.UNKNOWN) {
        remaining = byLiteral(remaining, i);
      }
    }
    if (remaining.size() > 1) {
      List<C> same = allOfKnownType(remaining);
      remaining = same.isEmpty() ? remaining : same;
    }
    return remaining;
  }

  private List<C> byLiteral(List<C> candidates, int index) {
    TypeKind.Category category = null;
    boolean agreed = true;
    for (C candidate : candidates) {
      TypeKind parameter = signatures.parameter(candidate, index);
      if (parameter == null || parameter.category() == TypeKind.Category.STRING) {
        category = TypeKind.Category.STRING;
        agreed = true;
        break;
      }
      agreed &= category == null || category == parameter.category();
      category = parameter.category();
    }
    if (!agreed) {
      return candidates;
    }
    List<C> inCategory = new ArrayList<>();
    List<C> preferred = new ArrayList<>();
    for (C candidate : candidates) {
      TypeKind parameter = signatures.parameter(candidate, index);
      if (parameter != null && parameter.category() == category) {
        inCategory.add(candidate);
        if (parameter.isPreferred()) {
          preferred.add(candidate);
        }
      }
    }
    return !preferred.isEmpty() ? preferred : inCategory.isEmpty() ? candidates : inCategory;
  }

  /** Takes undecided literals for the one type that all other arguments have. */
  private List<C> allOfKnownType(List<C> candidates) {
    TypeKind known = null;
    for (TypeKind argument : arguments) {
      if (argument != TypeKind.UNKNOWN) {
        if (known != null && known != argument) {
          return List.of();
        }
        known = argument;
      }
    }
    if (known == null) {
      return List.of();
    }
    List<C> result = new ArrayList<>();
    for (C candidate : candidates) {
      boolean fits = true;
      for (int i = 0; i < arguments.size(); i++) {
        if (arguments.get(i) == TypeKind.UNKNOWN) {
          fits &= signatures.parameter(candidate, i) == known;
        }
      }
      if (fits) {
        result.add(candidate);
      }
    }
    return result;
  }
}
