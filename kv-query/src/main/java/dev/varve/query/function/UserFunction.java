// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.JavaValues;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A scalar function in Java that SQL can call. NULL in any argument gives NULL without a call.
 *
 * @param name what SQL calls it; folded to lower case
 * @param result the class of what it returns
 * @param parameters the classes of its arguments
 * @param body gets the arguments as objects of these classes; what it throws becomes SQLSTATE 38000
 */
public record UserFunction(
    String name,
    Class<?> result,
    List<Class<?>> parameters,
    Function<Object[], @Nullable Object> body) {
  public UserFunction {
    name = name.toLowerCase(Locale.ROOT);
    parameters = List.copyOf(parameters);
  }

  Overload overload() {
    TypeKind[] kinds = new TypeKind[parameters.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = JavaValues.typeOf(parameters.get(i)).kind();
    }
    SqlType type = JavaValues.typeOf(result);
    return new Overload(
        name,
        kinds,
        false,
        arguments -> type,
        Volatility.VOLATILE,
        true,
        (call, arguments, context) -> new Caller(call, arguments, context));
  }

  /** Calls the body row by row. */
  private final class Caller extends Evaluator {
    private final List<Evaluator> arguments;
    private final EvaluationContext context;
    private final Vector result;
    private final Vector[] inputs;

    Caller(Expression.Call call, List<Evaluator> arguments, EvaluationContext context) {
      this.arguments = arguments;
      this.context = context;
      this.result = Vector.allocate(call.type(), Batch.CAPACITY);
      this.inputs = new Vector[arguments.size()];
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = arguments.get(i).evaluate(batch, selection, count);
      }
      prepare(result, selection, count);
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        result.setDatum(row, call(row));
      }
      return result;
    }

    private @Nullable Object call(int row) {
      Object[] values = new Object[inputs.length];
      for (int i = 0; i < values.length; i++) {
        Object datum = inputs[i].datum(row);
        if (datum == null) {
          return null;
        }
        values[i] =
            JavaValues.convert(datum, inputs[i].type(), parameters().get(i), context.zone());
      }
      Object returned;
      try {
        returned = body().apply(values);
      } catch (RuntimeException e) {
        throw ErrorCode.EXTERNAL_ROUTINE
            .error("Function " + name() + " failed: " + e)
            .cause(e)
            .build();
      }
      return JavaValues.toDatum(returned, result.type(), context.zone());
    }
  }
}
