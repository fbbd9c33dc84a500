// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.GenerateSeries;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** The functions that yield rows, and which form of them a call means. */
final class TableFunctions {
  private TableFunctions() {}

  static boolean isTableFunction(String name) {
    return name.equals("generate_series");
  }

  static FunctionScan.Call bind(
      ExpressionBuilder builder, String name, List<Expression> arguments, Position at) {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw undefined(name, arguments, at);
    }
    SqlType type = type(builder, name, arguments, at);
    List<Expression> converted = new ArrayList<>();
    converted.add(builder.coerce(arguments.get(0), type));
    converted.add(builder.coerce(arguments.get(1), type));
    if (arguments.size() == 3) {
      converted.add(
          builder.coerce(arguments.get(2), type.kind().isNumber() ? type : SqlType.INTERVAL));
    } else if (!type.kind().isNumber()) {
      throw undefined(name, arguments, at);
    }
    return new FunctionScan.Call(new GenerateSeries(type), converted);
  }

  private static SqlType type(
      ExpressionBuilder builder, String name, List<Expression> arguments, Position at) {
    int numbers = arguments.size();
    boolean isTime = false;
    for (Expression argument : arguments) {
      TypeKind kind = argument.type().kind();
      isTime |= kind.category() == TypeKind.Category.DATETIME || kind == TypeKind.INTERVAL;
    }
    if (isTime) {
      boolean zoned =
          arguments.get(0).type().kind() != TypeKind.TIMESTAMP
              && arguments.get(1).type().kind() != TypeKind.TIMESTAMP;
      return zoned ? SqlType.TIMESTAMPTZ : SqlType.TIMESTAMP;
    }
    SqlType common = builder.commonType(arguments.subList(0, numbers), name, at).withoutModifier();
    return switch (common.kind()) {
      case SMALLINT, INTEGER -> SqlType.INTEGER;
      case BIGINT, NUMERIC -> common;
      case TEXT -> SqlType.INTEGER;
      default -> throw undefined(name, arguments, at);
    };
  }

  private static dev.varve.VarveException undefined(
      String name, List<Expression> arguments, Position at) {
    StringBuilder types = new StringBuilder();
    for (Expression argument : arguments) {
      types.append(types.isEmpty() ? "" : ", ").append(argument.type().kind().sqlName());
    }
    return ErrorCode.UNDEFINED_FUNCTION
        .error("Function " + name + "(" + types + ") does not exist.")
        .hint(
            "There are generate_series(start, stop [, step]) over integers, numeric and timestamps.")
        .position(at.charsFromOne())
        .build();
  }
}
