// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loop that computes a strict function of two arguments for many rows. */
interface BinaryKernel {
  /**
   * Computes the selected rows of {@code out}. Its nulls are set already; what stands in the operands
   * of such rows is arbitrary and must raise nothing.
   */
  void compute(Vector left, Vector right, int @Nullable [] selection, int count, Vector out);

  /** Makes evaluators that run this kernel. */
  default Overload.Factory factory() {
    return (call, arguments, context) -> new KernelEvaluator(this, call.type(), arguments);
  }

  /** Evaluates the operands, merges their nulls and runs a kernel. */
  final class KernelEvaluator extends Evaluator {
    private final BinaryKernel kernel;
    private final Evaluator left;
    private final Evaluator right;
    private final Vector result;

    KernelEvaluator(BinaryKernel kernel, SqlType type, List<Evaluator> arguments) {
      this.kernel = kernel;
      this.left = arguments.get(0);
      this.right = arguments.get(1);
      this.result = Vector.allocate(type, 1);
    }

    @Override
    public Vector evaluate(Batch batch, int @Nullable [] selection, int count) {
      Vector l = left.evaluate(batch, selection, count);
      Vector r = right.evaluate(batch, selection, count);
      prepare(result, selection, count);
      result.orNulls(l, selection, count);
      result.orNulls(r, selection, count);
      kernel.compute(l, r, selection, count, result);
      return result;
    }
  }
}
