package ai.transonnx.export.internal.expression;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.WeightExpression;
import java.util.List;

/** The elements of a tensor as float32, row by row; computes any range of them. */
interface Elements {
  /**
   * Computes elements {@code from} (inclusive) to {@code from + count} (exclusive).
   *
   * @param into takes them, from index {@code at} on
   * @throws InputException if an element is too large for float32
   */
  void read(long from, float[] into, int at, int count);

  static Elements of(WeightExpression derivation, Binding binding) {
    if (derivation instanceof WeightExpression.Stored stored) {
      return stored(stored, binding);
    } else if (derivation instanceof WeightExpression.Transposed transposed) {
      return new TransposedElements(of(transposed.of(), binding), transposed.of().shape());
    } else if (derivation instanceof WeightExpression.Rows rows) {
      long skipped = rows.from() * rowLength(rows);
      var whole = of(rows.of(), binding);
      return (from, into, at, count) -> whole.read(skipped + from, into, at, count);
    } else if (derivation instanceof WeightExpression.Stacked stacked) {
      return StackedElements.of(stacked, binding);
    } else if (derivation instanceof WeightExpression.Selected selected) {
      return selected(of(selected.of(), binding), selected.indices(), rowLength(selected));
    } else if (derivation instanceof WeightExpression.Normalized normalized) {
      return new NormalizedElements(of(normalized.of(), binding), normalized.shape().last().size());
    } else if (derivation instanceof WeightExpression.Scaled scaled) {
      return scaled(of(scaled.of(), binding), scaled.factor());
    }
    throw new AssertionError("Elements.of knows no " + derivation.getClass().getSimpleName());
  }

  private static Elements stored(WeightExpression.Stored stored, Binding binding) {
    var tensor = binding.tensor(stored);
    if (tensor.isPresent()) {
      return new StoredElements(binding.file(), tensor.get());
    }
    var values = stored.absent().orElseThrow().bytes().asFloatBuffer();
    return (from, into, at, count) -> values.get((int) from, into, at, count);
  }

  /** Each element times a number; the product is rounded once. */
  private static Elements scaled(Elements all, double factor) {
    return (from, into, at, count) -> {
      all.read(from, into, at, count);
      for (int i = at; i < at + count; i++) {
        into[i] = (float) (into[i] * factor);
      }
    };
  }

  /** Rows by their indices. */
  private static Elements selected(Elements all, List<Long> indices, long rowLength) {
    return (from, into, at, count) -> {
      for (int done = 0; done < count; ) {
        long row = indices.get((int) ((from + done) / rowLength));
        long start = (from + done) % rowLength;
        int some = (int) Math.min(count - done, rowLength - start);
        all.read(row * rowLength + start, into, at + done, some);
        done += some;
      }
    };
  }

  /** The number of elements in each row along the first axis. */
  static long rowLength(WeightExpression derivation) {
    return derivation.shape().without(0).elements();
  }
}
