package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;

/**
 * Sizes as values, which are read when the model runs.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Sizes extends Operators {
  /** The size of one dimension: int64 {@code [1]}. */
  default Value size(Value x, int axis) {
    int from = x.shape().axis(axis);
    return sizes(x, from, from + 1);
  }

  /**
   * The sizes of the dimensions {@code from} to {@code to - 1}: int64 {@code [to - from]}. They are
   * read from the first value that has these dimensions, since equal symbols have equal sizes.
   */
  default Value sizes(Value x, int from, int to) {
    if (from < 0 || to < from || to > x.rank()) {
      throw operation("Shape").error("%s has no axes %s to %s".formatted(x.type(), from, to));
    }
    var dims = x.shape().dims().subList(from, to);
    return shared(new Shape(dims), () -> read(x, from, to));
  }

  private Value read(Value x, int from, int to) {
    return operation("Shape")
        .input(x)
        .attribute("start", from)
        .attribute("end", to)
        .output(ElementType.INT64, Shape.of(to - from));
  }

  /**
   * The integers from 0 to {@code limit - 1}.
   *
   * @param limit int64 {@code [1]}
   * @param size the result's size, {@code limit}
   * @return int64 {@code [size]}
   */
  default Value range(Value limit, Dim size) {
    var squeeze = operation("Squeeze").inputs(limit, vector(0));
    Checks.elements(squeeze, limit, ElementType.INT64);
    Checks.rank(squeeze, limit, 1);
    var scalar = squeeze.output(ElementType.INT64, Shape.SCALAR);
    return operation("Range")
        .inputs(scalar(0), scalar, scalar(1))
        .output(ElementType.INT64, Shape.of(size));
  }
}
