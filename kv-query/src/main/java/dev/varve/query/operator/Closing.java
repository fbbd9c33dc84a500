// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes several operators even when some fail; throws the first failure. */
final class Closing {
  private Closing() {}

  static void all(List<? extends Operator> operators) {
    RuntimeException failure = null;
    for (Operator operator : operators) {
      failure = close(operator, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  static void both(Operator first, Operator second) {
    all(List.of(first, second));
  }

  private static @Nullable RuntimeException close(
      Operator operator, @Nullable RuntimeException earlier) {
    try {
      operator.close();
      return earlier;
    } catch (RuntimeException failure) {
      if (earlier == null) {
        return failure;
      }
      earlier.addSuppressed(failure);
      return earlier;
    }
  }
}
