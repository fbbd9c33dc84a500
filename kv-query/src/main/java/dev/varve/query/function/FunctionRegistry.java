// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.expression.Position;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All functions and operators that a database knows: the built-in ones, shared by all, and those its
 * user registered. Thread-safe.
 */
public final class FunctionRegistry {
  private static final OverloadResolution.Signatures<Overload> SCALARS =
      new OverloadResolution.Signatures<>() {
        @Override
        public boolean accepts(Overload candidate, int count) {
          return candidate.accepts(count);
        }

        @Override
        public @Nullable TypeKind parameter(Overload candidate, int index) {
          return candidate.parameter(index);
        }
      };

  private static final OverloadResolution.Signatures<AggregateOverload> AGGREGATES =
      new OverloadResolution.Signatures<>() {
        @Override
        public boolean accepts(AggregateOverload candidate, int count) {
          return candidate.parameters().size() == count;
        }

        @Override
        public @Nullable TypeKind parameter(AggregateOverload candidate, int index) {
          return candidate.parameters().get(index);
        }
      };

  private final Map<String, List<Overload>> user = new ConcurrentHashMap<>();

  /** A registry with the built-in functions. */
  public FunctionRegistry() {}

  /** Makes a Java function known to SQL; one of the same name and parameter types is replaced. */
  public void register(UserFunction function) {
    Overload overload = function.overload();
    user.compute(
        overload.name(),
        (name, present) -> {
          List<Overload> overloads = new ArrayList<>(present == null ? List.of() : present);
          overloads.removeIf(o -> o.signature().equals(overload.signature()));
          overloads.add(overload);
          return List.copyOf(overloads);
        });
  }

  /** Whether there is a scalar function of that name. */
  public boolean isScalar(String name) {
    return user.containsKey(name) || BuiltIns.SCALARS.containsKey(name);
  }

  /** Whether there is an aggregate function of that name. */
  public boolean isAggregate(String name) {
    return BuiltIns.AGGREGATES.containsKey(name);
  }

  /** Whether the function of that name only makes sense over a window. */
  public boolean isWindow(String name) {
    return WindowFunction.named(name) != null;
  }

  /** The overload of a function that arguments of these types mean. */
  Overload scalar(String name, List<SqlType> arguments, Position position) {
    List<Overload> candidates = candidates(name);
    List<Overload> remaining =
        OverloadResolution.resolve(candidates, kinds(arguments), SCALARS, false);
    return only(remaining, candidates, name, arguments, position);
  }

  /** The overload of an operator that operands of these types mean; null when there is none. */
  @Nullable Overload operator(String symbol, List<SqlType> operands, Position position) {
    List<Overload> candidates = BuiltIns.SCALARS.getOrDefault(symbol, List.of());
    List<Overload> remaining =
        OverloadResolution.resolve(candidates, kinds(operands), SCALARS, true);
    if (remaining.size() > 1) {
      throw ErrorCode.AMBIGUOUS_FUNCTION
          .error("The operator is not unique: " + operatorText(symbol, operands) + ".")
          .hint("Could not choose a best candidate operator: add explicit casts.")
          .position(position.charsFromOne())
          .build();
    }
    return remaining.isEmpty() ? null : remaining.get(0);
  }

  /** The overload of an aggregate function that arguments of these types mean. */
  AggregateOverload aggregate(String name, List<SqlType> arguments, Position position) {
    List<AggregateOverload> candidates = BuiltIns.AGGREGATES.getOrDefault(name, List.of());
    List<AggregateOverload> remaining =
        OverloadResolution.resolve(candidates, kinds(arguments), AGGREGATES, false);
    return only(remaining, candidates, name, arguments, position);
  }

  private List<Overload> candidates(String name) {
    List<Overload> builtIn = BuiltIns.SCALARS.getOrDefault(name, List.of());
    List<Overload> own = user.getOrDefault(name, List.of());
    if (own.isEmpty()) {
      return builtIn;
    }
    List<Overload> all = new ArrayList<>(own);
    all.addAll(builtIn);
    return all;
  }

  private <C> C only(
      List<C> remaining,
      List<C> candidates,
      String name,
      List<SqlType> arguments,
      Position position) {
    if (remaining.size() == 1) {
      return remaining.get(0);
    }
    String call = name + "(" + typeNames(arguments) + ")";
    if (remaining.size() > 1) {
      throw ErrorCode.AMBIGUOUS_FUNCTION
          .error("Function " + call + " is not unique.")
          .hint("Could not choose a best candidate function: add explicit casts.")
          .position(position.charsFromOne())
          .build();
    }
    throw undefined(name, call, candidates, position);
  }

  private VarveException undefined(
      String name, String call, List<?> candidates, Position position) {
    var error =
        ErrorCode.UNDEFINED_FUNCTION
            .error("Function " + call + " does not exist.")
            .position(position.charsFromOne());
    if (!candidates.isEmpty()) {
      error.hint("There is " + candidates.get(0) + "; explicit casts may help.");
    } else {
      String similar = similar(name);
      if (similar != null) {
        error.hint("Did you mean " + similar + "?");
      }
    }
    return error.build();
  }

  private @Nullable String similar(String name) {
    String best = null;
    int bestDistance = Math.min(3, name.length() / 2 + 1);
    List<Set<String>> sets =
        List.of(user.keySet(), BuiltIns.SCALARS.keySet(), BuiltIns.AGGREGATES.keySet());
    for (Set<String> names : sets) {
      for (String each : names) {
        int distance = distance(name, each, bestDistance);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = each;
        }
      }
    }
    return best;
  }

  private static int distance(String left, String right, int limit) {
    if (Math.abs(left.length() - right.length()) >= limit) {
      return limit;
    }
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j < previous.length; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[previous.length];
      current[0] = i;
      for (int j = 1; j < current.length; j++) {
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[right.length()];
  }

  /** The types' names, separated by commas. */
  static String typeNames(List<SqlType> types) {
    StringBuilder text = new StringBuilder();
    for (SqlType type : types) {
      text.append(text.isEmpty() ? "" : ", ").append(type.kind().sqlName());
    }
    return text.toString();
  }

  /** An operator between (or before) its operands' types. */
  static String operatorText(String symbol, List<SqlType> operands) {
    String last = operands.get(operands.size() - 1).kind().sqlName();
    return operands.size() == 1
        ? symbol + " " + last
        : operands.get(0).kind().sqlName() + " " + symbol + " " + last;
  }

  private static List<TypeKind> kinds(List<SqlType> types) {
    return types.stream().map(SqlType::kind).toList();
  }

  /** Names of built-in functions in lower case, for completion and documentation. */
  public Set<String> names() {
    Set<String> names = new java.util.TreeSet<>();
    for (String name : BuiltIns.SCALARS.keySet()) {
      if (Character.isLetter(name.charAt(0))) {
        names.add(name.toLowerCase(Locale.ROOT));
      }
    }
    names.addAll(BuiltIns.AGGREGATES.keySet());
    names.addAll(user.keySet());
    return names;
  }
}
