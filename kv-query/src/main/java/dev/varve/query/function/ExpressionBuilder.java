// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.Call;
import dev.varve.query.expression.Expression.Cast;
import dev.varve.query.expression.Expression.Coalesce;
import dev.varve.query.expression.Expression.Comparison;
import dev.varve.query.expression.Expression.Constant;
import dev.varve.query.expression.Expression.In;
import dev.varve.query.expression.Expression.IsBoolean;
import dev.varve.query.expression.Expression.Not;
import dev.varve.query.expression.Expression.Parameter;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.type.Coercion;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextInput;
import dev.varve.query.type.TypeKind;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes typed expressions out of operands whose types need not agree yet: finds the overload,
 * converts operands, settles literals and parameters. One per statement being bound.
 */
public final class ExpressionBuilder {
  private final FunctionRegistry functions;
  private final ParameterTypes parameters;
  private final ZoneId zone;
  private final long nowMicros;

  /**
   * @param zone how literals of TIMESTAMP WITH TIME ZONE are read
   * @param nowMicros what the literals {@code 'now'} and {@code 'today'} mean, since 1970-01-01 UTC
   */
  public ExpressionBuilder(
      FunctionRegistry functions, ParameterTypes parameters, ZoneId zone, long nowMicros) {
    this.functions = functions;
    this.parameters = parameters;
    this.zone = zone;
    this.nowMicros = nowMicros;
  }

  /** The functions there are. */
  public FunctionRegistry functions() {
    return functions;
  }

  /** A literal in quotes, its type still open. */
  public static Constant literal(String text, Position position) {
    return new Constant(text, SqlType.UNKNOWN, position);
  }

  /** A parameter, its type still open unless settled before. */
  public Parameter parameter(int index, Position position) {
    parameters.settle(index, SqlType.UNKNOWN);
    return new Parameter(index, parameters.type(index), position);
  }

  /** A call of a scalar function; a type's name with one argument is a cast. */
  public Expression call(String name, List<Expression> arguments, Position position) {
    Expression special = specialForm(name, arguments, position);
    if (special != null) {
      return special;
    }
    if (arguments.size() == 1 && !functions.isScalar(name)) {
      TypeKind kind = SqlType.kindNamed(name);
      if (kind != null) {
        return cast(arguments.get(0), SqlType.of(kind), position);
      }
    }
    return apply(functions.scalar(name, types(arguments), position), arguments, position);
  }

  private @Nullable Expression specialForm(
      String name, List<Expression> arguments, Position position) {
    return switch (name) {
      case "coalesce" -> coalesce(arguments, position);
      case "nullif" -> arguments.size() == 2 ? nullIf(arguments, position) : null;
      case "greatest", "least" -> {
        if (arguments.isEmpty()) {
          yield null;
        }
        SqlType type = commonType(arguments, name.toUpperCase(java.util.Locale.ROOT), position);
        yield new Call(
            name.equals("greatest") ? ConditionalFunctions.GREATEST : ConditionalFunctions.LEAST,
            coerceAll(arguments, type),
            type,
            position);
      }
      default -> null;
    };
  }

  private Expression coalesce(List<Expression> operands, Position position) {
    SqlType type = commonType(operands, "COALESCE", position);
    List<Expression> converted = coerceAll(operands, type);
    return converted.size() == 1 ? converted.get(0) : new Coalesce(converted, type, position);
  }

  private Expression nullIf(List<Expression> operands, Position position) {
    Expression left = operands.get(0);
    Expression right = operands.get(1);
    Expression test = operator("=", left, right, position);
    Expression result = settle(left);
    return new Expression.Case(
        List.of(new Expression.Branch(test, Constant.nullOf(result.type()))),
        result,
        result.type(),
        position);
  }

  /** A binary operator: arithmetic, comparison, text, pattern matching. */
  public Expression operator(String symbol, Expression left, Expression right, Position position) {
    ComparisonOperator comparison = comparisonOf(symbol);
    if (comparison != null) {
      return compare(comparison, left, right, position);
    }
    List<Expression> operands = List.of(left, right);
    Overload overload = functions.operator(symbol, types(operands), position);
    if (overload == null) {
      throw undefinedOperator(symbol, types(operands), position);
    }
    return apply(overload, operands, position);
  }

  /** A prefix operator. */
  public Expression operator(String symbol, Expression operand, Position position) {
    List<Expression> operands = List.of(operand);
    Overload overload = functions.operator(symbol, types(operands), position);
    if (overload == null) {
      throw undefinedOperator(symbol, types(operands), position);
    }
    return apply(overload, operands, position);
  }

  private static @Nullable ComparisonOperator comparisonOf(String symbol) {
    return switch (symbol) {
      case "=" -> ComparisonOperator.EQUAL;
      case "<>", "!=" -> ComparisonOperator.NOT_EQUAL;
      case "<" -> ComparisonOperator.LESS;
      case "<=" -> ComparisonOperator.LESS_OR_EQUAL;
      case ">" -> ComparisonOperator.GREATER;
      case ">=" -> ComparisonOperator.GREATER_OR_EQUAL;
      default -> null;
    };
  }

  /** A comparison; the operands are converted to the type in which they compare. */
  public Comparison compare(
      ComparisonOperator operator, Expression left, Expression right, Position position) {
    SqlType type = comparisonType(left, right);
    if (type == null) {
      String symbol =
          switch (operator) {
            case DISTINCT, NOT_DISTINCT -> "=";
            default -> operator.symbol();
          };
      throw undefinedOperator(symbol, List.of(left.type(), right.type()), position);
    }
    return new Comparison(
        operator, argument(left, type.kind()), argument(right, type.kind()), position);
  }

  private static @Nullable SqlType comparisonType(Expression left, Expression right) {
    TypeKind kind = Coercion.comparison(left.type().kind(), right.type().kind());
    return kind == null ? null : SqlType.of(kind);
  }

  /** IN or NOT IN over a list of expressions. */
  public Expression in(
      Expression operand, List<Expression> list, boolean negated, Position position) {
    List<SqlType> all = new ArrayList<>();
    all.add(operand.type());
    list.forEach(each -> all.add(each.type()));
    SqlType common = Coercion.common(all);
    if (common == null) {
      for (Expression each : list) {
        compare(ComparisonOperator.EQUAL, operand, each, each.position());
      }
      throw undefinedOperator("=", List.of(operand.type(), list.get(0).type()), position);
    }
    SqlType type = common.withoutModifier();
    return new In(coerce(operand, type), coerceAll(list, type), negated, position);
  }

  /** NOT. */
  public Expression not(Expression operand, Position position) {
    return new Not(condition(operand, "NOT"), position);
  }

  /** IS TRUE, IS FALSE and their negations. */
  public Expression isBoolean(
      Expression operand, boolean expected, boolean negated, Position position) {
    String construct = "IS " + (negated ? "NOT " : "") + (expected ? "TRUE" : "FALSE");
    return new IsBoolean(condition(operand, construct), expected, negated, position);
  }

  /** A searched CASE; a missing ELSE is given as NULL. */
  public Expression caseWhen(
      List<Expression> conditions,
      List<Expression> results,
      @Nullable Expression otherwise,
      Position position) {
    List<Expression> all = new ArrayList<>(results.size() + 1);
    if (otherwise != null) {
      all.add(otherwise);
    }
    all.addAll(results);
    SqlType type = commonType(all, "CASE", position);
    List<Expression.Branch> branches = new ArrayList<>(conditions.size());
    for (int i = 0; i < conditions.size(); i++) {
      branches.add(
          new Expression.Branch(
              condition(conditions.get(i), "CASE/WHEN"), coerce(results.get(i), type)));
    }
    Expression last = otherwise == null ? Constant.nullOf(type) : coerce(otherwise, type);
    return new Expression.Case(branches, last, type, position);
  }

  /** A call of an aggregate function; no argument is {@code count(*)}. */
  public AggregateCall aggregate(
      String name,
      List<Expression> arguments,
      boolean distinct,
      @Nullable Expression filter,
      List<SortKey> orderBy,
      Position position) {
    AggregateOverload overload = functions.aggregate(name, types(arguments), position);
    List<Expression> converted = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      TypeKind kind = overload.parameters().get(i);
      converted.add(argument(arguments.get(i), kind));
    }
    AggregateFunction function = overload.bind().apply(types(converted));
    for (int i = 0; i < converted.size(); i++) {
      converted.set(i, argument(converted.get(i), function.argumentTypes().get(i).kind()));
    }
    return new AggregateCall(function, converted, distinct, filter, orderBy, position);
  }

  /** A call of a window function that is no aggregate. */
  public WindowCall window(
      WindowFunction function,
      List<Expression> arguments,
      List<Expression> partitionBy,
      List<SortKey> orderBy,
      WindowFrame frame,
      Position position) {
    WindowSignature signature = WindowSignature.bind(this, function, arguments, position);
    return new WindowCall(
        function,
        null,
        signature.arguments(),
        partitionBy,
        orderBy,
        frame,
        signature.type(),
        position);
  }

  /** A cast that the user wrote. */
  public Expression cast(Expression operand, SqlType type, Position position) {
    return convert(operand, type, Coercion.EXPLICIT, position);
  }

  /** The value as it is stored in a column. */
  public Expression assign(Expression value, SqlType type, String column) {
    Coercion coercion = Coercion.between(value.type().kind(), type.kind());
    if (!coercion.isAllowedIn(Coercion.ASSIGNMENT)) {
      throw ErrorCode.DATATYPE_MISMATCH
          .error(
              "Column \""
                  + column
                  + "\" is of type "
                  + type.withoutModifier()
                  + " but expression is of type "
                  + value.type().withoutModifier()
                  + ".")
          .hint("You will need to rewrite or cast the expression.")
          .position(value.position().charsFromOne())
          .build();
    }
    return convert(value, type, Coercion.ASSIGNMENT, value.position());
  }

  /** The operand as a value of {@code type}, which it must convert into implicitly. */
  public Expression coerce(Expression operand, SqlType type) {
    return convert(operand, type, Coercion.IMPLICIT, operand.position());
  }

  /** Each operand as a value of {@code type}. */
  public List<Expression> coerceAll(List<Expression> operands, SqlType type) {
    List<Expression> converted = new ArrayList<>(operands.size());
    for (Expression operand : operands) {
      converted.add(coerce(operand, type));
    }
    return converted;
  }

  /** The operand with its type settled: a literal or parameter that is still open becomes TEXT. */
  public Expression settle(Expression operand) {
    return operand.type().kind() == TypeKind.UNKNOWN ? coerce(operand, SqlType.TEXT) : operand;
  }

  /** The operand as a boolean; {@code construct} names what it is the argument of. */
  public Expression condition(Expression operand, String construct) {
    TypeKind kind = operand.type().kind();
    if (kind != TypeKind.BOOLEAN && kind != TypeKind.UNKNOWN) {
      throw ErrorCode.DATATYPE_MISMATCH
          .error(
              "The argument of "
                  + construct
                  + " must be type boolean, not type "
                  + operand.type()
                  + ".")
          .position(operand.position().charsFromOne())
          .build();
    }
    return coerce(operand, SqlType.BOOLEAN);
  }

  /** The type that the operands have in common; {@code construct} is for the message. */
  public SqlType commonType(List<Expression> operands, String construct, Position position) {
    List<SqlType> types = types(operands);
    SqlType common = Coercion.common(types);
    if (common != null) {
      return common;
    }
    SqlType first = null;
    for (Expression operand : operands) {
      if (operand.type().kind() != TypeKind.UNKNOWN) {
        if (first != null && first.kind().category() != operand.type().kind().category()) {
          throw ErrorCode.DATATYPE_MISMATCH
              .error(
                  construct
                      + " types "
                      + first.withoutModifier()
                      + " and "
                      + operand.type().withoutModifier()
                      + " cannot be matched.")
              .position(operand.position().charsFromOne())
              .build();
        }
        first = first == null ? operand.type() : first;
      }
    }
    throw ErrorCode.CANNOT_COERCE
        .error(construct + " could not convert its operands to one type.")
        .fact("types", FunctionRegistry.typeNames(types))
        .position(position.charsFromOne())
        .build();
  }

  private Expression apply(Overload overload, List<Expression> arguments, Position position) {
    List<Expression> converted = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      TypeKind kind = overload.parameter(i);
      Expression argument = arguments.get(i);
      converted.add(argument(argument, kind));
    }
    return new Call(overload, converted, overload.resultType(types(converted)), position);
  }

  /** An argument as a function takes it: VARCHAR counts as TEXT, which it is but for its name. */
  private Expression argument(Expression value, @Nullable TypeKind kind) {
    if (kind == null) {
      return settle(value);
    }
    return kind == TypeKind.TEXT && value.type().kind() == TypeKind.VARCHAR
        ? value
        : coerce(value, SqlType.of(kind));
  }

  private Expression convert(
      Expression operand, SqlType type, Coercion context, Position position) {
    SqlType from = operand.type();
    if (from.kind() == TypeKind.UNKNOWN) {
      return settleAs(operand, type, context, position);
    }
    if (from.equals(type) || from.kind() == type.kind() && !type.hasModifier()) {
      return operand;
    }
    if (!Coercion.between(from.kind(), type.kind()).isAllowedIn(context)) {
      throw ErrorCode.CANNOT_COERCE
          .error(
              "Cannot cast type " + from.withoutModifier() + " to " + type.withoutModifier() + ".")
          .position(position.charsFromOne())
          .build();
    }
    if (operand instanceof Constant constant && constant.value() == null) {
      return new Constant(null, type, constant.position());
    }
    return new Cast(operand, type, context == Coercion.EXPLICIT, position);
  }

  private Expression settleAs(
      Expression operand, SqlType type, Coercion context, Position position) {
    if (operand instanceof Constant constant) {
      Object text = constant.value();
      if (text == null) {
        return new Constant(null, type, constant.position());
      }
      SqlType read = type.kind() == TypeKind.INTERVAL ? type : type.withoutModifier();
      Object value = parse((String) text, read, operand.position());
      Constant typed = new Constant(value, type.withoutModifier(), constant.position());
      return type.hasModifier() ? convert(typed, type, context, position) : typed;
    }
    if (operand instanceof Parameter parameter) {
      parameters.settle(parameter.index(), type.withoutModifier());
      SqlType settled = parameters.type(parameter.index());
      Parameter typed = new Parameter(parameter.index(), settled, parameter.position());
      return convert(typed, type, context, position);
    }
    return new Cast(operand, type, context == Coercion.EXPLICIT, position);
  }

  private Object parse(String text, SqlType type, Position position) {
    try {
      return TextInput.parse(text, type, zone, nowMicros);
    } catch (VarveException e) {
      if (e.position() != 0 || position.charsFromOne() == 0) {
        throw e;
      }
      VarveException.Builder placed =
          e.code().error(e.sentence()).position(position.charsFromOne());
      e.facts().forEach(placed::fact);
      if (e.hint() != null) {
        placed.hint(e.hint());
      }
      throw placed.cause(e).build();
    }
  }

  private static VarveException undefinedOperator(
      String symbol, List<SqlType> types, Position position) {
    return ErrorCode.UNDEFINED_FUNCTION
        .error("The operator does not exist: " + FunctionRegistry.operatorText(symbol, types) + ".")
        .hint("No operator matches these types; you might need to add explicit type casts.")
        .position(position.charsFromOne())
        .build();
  }

  private static List<SqlType> types(List<Expression> expressions) {
    List<SqlType> types = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      types.add(expression.type());
    }
    return types;
  }
}
