// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/** The converted arguments and the result type of a window function's call. */
record WindowSignature(List<Expression> arguments, SqlType type) {
  static WindowSignature bind(
      ExpressionBuilder builder,
      WindowFunction function,
      List<Expression> arguments,
      Position position) {
    return switch (function) {
      case ROW_NUMBER, RANK, DENSE_RANK -> {
        check(function, arguments, 0, 0, position);
        yield new WindowSignature(List.of(), SqlType.BIGINT);
      }
      case PERCENT_RANK, CUME_DIST -> {
        check(function, arguments, 0, 0, position);
        yield new WindowSignature(List.of(), SqlType.DOUBLE);
      }
      case NTILE -> {
        check(function, arguments, 1, 1, position);
        yield new WindowSignature(
            List.of(builder.coerce(arguments.get(0), SqlType.INTEGER)), SqlType.INTEGER);
      }
      case FIRST_VALUE, LAST_VALUE -> {
        check(function, arguments, 1, 1, position);
        Expression value = builder.settle(arguments.get(0));
        yield new WindowSignature(List.of(value), value.type());
      }
      case NTH_VALUE -> {
        check(function, arguments, 2, 2, position);
        Expression value = builder.settle(arguments.get(0));
        yield new WindowSignature(
            List.of(value, builder.coerce(arguments.get(1), SqlType.INTEGER)), value.type());
      }
      case LAG, LEAD -> {
        check(function, arguments, 1, 3, position);
        yield offset(builder, arguments, position);
      }
    };
  }

  private static WindowSignature offset(
      ExpressionBuilder builder, List<Expression> arguments, Position position) {
    List<Expression> bound = new ArrayList<>();
    if (arguments.size() < 3) {
      Expression value = builder.settle(arguments.get(0));
      bound.add(value);
      if (arguments.size() == 2) {
        bound.add(builder.coerce(arguments.get(1), SqlType.INTEGER));
      }
      return new WindowSignature(bound, value.type());
    }
    SqlType type =
        builder.commonType(List.of(arguments.get(0), arguments.get(2)), "LAG/LEAD", position);
    bound.add(builder.coerce(arguments.get(0), type));
    bound.add(builder.coerce(arguments.get(1), SqlType.INTEGER));
    bound.add(builder.coerce(arguments.get(2), type));
    return new WindowSignature(bound, type);
  }

  private static void check(
      WindowFunction function, List<Expression> arguments, int least, int most, Position position) {
    if (arguments.size() < least || arguments.size() > most) {
      List<SqlType> types = arguments.stream().map(Expression::type).toList();
      throw ErrorCode.UNDEFINED_FUNCTION
          .error(
              "Function "
                  + function.sqlName()
                  + "("
                  + FunctionRegistry.typeNames(types)
                  + ") does not exist.")
          .position(position.charsFromOne())
          .build();
    }
  }
}
