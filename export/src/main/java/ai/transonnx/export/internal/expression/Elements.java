package ai.transonnx.export.internal.expression;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.weights.StridedContent;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.WeightExpression;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The elements of a tensor as float64 in row-major order. Any range of them can be computed. */
interface Elements {
  /**
   * Computes elements {@code from} (inclusive) to {@code from + count} (exclusive).
   *
   * @param into receives the elements, from index {@code at} on
   */
  void read(long from, double[] into, int at, int count);

  /**
   * Computes elements {@code from} (inclusive) to {@code from + count} (exclusive), rounded to
   * float32.
   *
   * @param wide an array of {@code count} or more elements for intermediate results
   * @param into receives the elements, from index 0 on
   * @return false if a finite element is too large for float32
   */
  default boolean readNarrow(long from, int count, double[] wide, float[] into) {
    read(from, wide, 0, count);
    return Narrowing.toFloat32(wide, count, into);
  }

  static Elements of(WeightExpression expression, Binding binding) {
    if (expression instanceof WeightExpression.Stored stored) {
      return stored(stored, binding);
    } else if (expression instanceof WeightExpression.Transposed transposed) {
      if (transposed.of() instanceof WeightExpression.Stored matrix
          && binding.tensor(matrix).isPresent()) {
        return stored(transposed, binding.tensor(matrix).get());
      }
      return new TransposedElements(of(transposed.of(), binding), transposed.of().shape());
    } else if (expression instanceof WeightExpression.Rows rows) {
      long skipped = rows.from() * rowLength(rows);
      var whole = of(rows.of(), binding);
      return (from, into, at, count) -> whole.read(skipped + from, into, at, count);
    } else if (expression instanceof WeightExpression.Stacked stacked) {
      return StackedElements.of(stacked, binding);
    } else if (expression instanceof WeightExpression.Selected selected) {
      return selected(of(selected.of(), binding), selected.indices(), rowLength(selected));
    } else if (expression instanceof WeightExpression.PairsSplit split) {
      return selected(of(split.of(), binding), split.indices(), rowLength(split));
    } else if (expression instanceof WeightExpression.Normalized normalized) {
      return new NormalizedElements(of(normalized.of(), binding), normalized.shape().last().size());
    } else if (expression instanceof WeightExpression.Scaled scaled) {
      return each(of(scaled.of(), binding), element -> element * scaled.factor());
    } else if (expression instanceof WeightExpression.Offset offset) {
      return each(of(offset.of(), binding), element -> element + offset.addend());
    }
    throw new AssertionError("no elements for " + expression.getClass().getSimpleName());
  }

  private static Elements stored(WeightExpression.Stored stored, Binding binding) {
    var tensor = binding.tensor(stored);
    if (tensor.isPresent()) {
      return new StoredElements(tensor.get());
    }
    var known = stored.absent().orElseThrow();
    Content content =
        (offset, length) -> known.bytes().slice((int) offset, length).order(LITTLE_ENDIAN);
    return new StoredElements(new WeightTensor(stored.name(), known.type(), content));
  }

  /** A matrix of the file, read in the order of its transpose. */
  private static Elements stored(WeightExpression.Transposed transposed, WeightTensor matrix) {
    long height = matrix.shape().dim(0).size();
    long width = matrix.shape().dim(1).size();
    var content =
        StridedContent.transposed(matrix.content(), matrix.elements().bytes(), height, width);
    var type = new TensorType(matrix.elements(), transposed.shape());
    return new StoredElements(new WeightTensor(matrix.name(), type, content));
  }

  /** Applies an operation to each element. */
  private static Elements each(Elements all, DoubleUnaryOperator operation) {
    return (from, into, at, count) -> {
      all.read(from, into, at, count);
      for (int i = at; i < at + count; i++) {
        into[i] = operation.applyAsDouble(into[i]);
      }
    };
  }

  /** Selects rows by their indices. */
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

  /** The number of elements of each index of the first axis. */
  static long rowLength(WeightExpression expression) {
    return expression.shape().without(0).elements();
  }
}
