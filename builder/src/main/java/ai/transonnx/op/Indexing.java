package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators that read or replace a selection of elements.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Indexing extends Operators {
  /** As the end of a {@link #slice}: the end of the axis. */
  long END = Long.MAX_VALUE;

  /**
   * The elements {@code from} to {@code to - 1} of one axis.
   *
   * @param from counted from the end if negative
   * @param to counted from the end if negative; {@link #END} for the end of the axis. An axis of
   *     symbolic size must be long enough when the model runs
   */
  default Value slice(Value x, int axis, long from, long to) {
    var operation = operation("Slice").inputs(x, vector(from), vector(to), vector(axis), vector(1));
    int along = Checks.axis(operation, x, axis);
    Dim all = x.dim(along);
    Dim start = from < 0 ? all.plus(from) : Dim.of(from);
    Dim stop = to == END ? all : (to < 0 ? all.plus(to) : Dim.of(to));
    Dim size = stop.minus(start);
    if ((size.isFixed() && size.size() < 0) || (all.isFixed() && outside(all, start, stop))) {
      throw operation.error(
          "%s has no elements %s to %s along axis %s"
              .formatted(x.type(), from, to == END ? "end" : Long.toString(to), axis));
    }
    return operation.output(x.elements(), x.shape().with(along, size));
  }

  private static boolean outside(Dim all, Dim start, Dim stop) {
    return start.size() < 0 || stop.size() > all.size();
  }

  /**
   * The elements {@code from} to {@code to - 1} of one axis, with bounds computed when the model
   * runs.
   *
   * @param from int64 {@code [1]}
   * @param to int64 {@code [1]}
   * @param size the result's size along the axis, {@code to - from}
   */
  default Value slice(Value x, int axis, Value from, Value to, Dim size) {
    var operation = operation("Slice").inputs(x, from, to, vector(axis), vector(1));
    Checks.elements(operation, from, ElementType.INT64);
    Checks.elements(operation, to, ElementType.INT64);
    int along = Checks.axis(operation, x, axis);
    return operation.output(x.elements(), x.shape().with(along, size));
  }

  /**
   * The last {@code most} elements of one axis, or all elements if the axis has fewer.
   *
   * @param most 1 or more
   * @param size the result's size along the axis
   */
  default Value last(Value x, int axis, long most, Dim size) {
    return slice(x, axis, vector(-most), vector(END), size);
  }

  /**
   * The {@code count} greatest elements of the last axis, in descending order; float16 and bfloat16
   * are cast to float32.
   *
   * @param count int64 {@code [1]}, at most the size of the axis
   * @param size the result's size along the axis, {@code count}
   * @return {@code [..., size]}
   */
  default Value greatest(Value given, Value count, Dim size) {
    var x = widen(given);
    var operation = operation("TopK").inputs(x, count).attribute("axis", -1);
    Checks.elements(operation, count, ElementType.INT64);
    var shape = x.shape().withLast(size);
    return operation
        .outputs(
            List.of(new TensorType(x.elements(), shape), new TensorType(ElementType.INT64, shape)))
        .get(0);
  }

  /**
   * Elements of one axis by index.
   *
   * @param indices int64 of any shape; in the result's shape, their dimensions replace the axis
   */
  default Value gather(Value x, int axis, Value indices) {
    var operation = operation("Gather").inputs(x, indices);
    Checks.elements(operation, indices, ElementType.INT64);
    int along = Checks.axis(operation, x, axis);
    var dims = new ArrayList<>(x.shape().dims());
    dims.remove(along);
    dims.addAll(along, indices.shape().dims());
    return operation.attribute("axis", along).output(x.elements(), new Shape(dims));
  }

  /**
   * Replaces slices of a tensor. Floating-point slices are cast to the tensor's type.
   *
   * @param x a tensor of rank r
   * @param indices int64 {@code [..., k]}: the index of each slice along the first k axes
   * @param given the new slices: {@code [..., x.dim(k), ... x.dim(r - 1)]}
   * @return a tensor of the shape of {@code x}
   */
  default Value scatter(Value x, Value indices, Value given) {
    var parts = given.elements().isFloatingPoint() ? cast(given, x.elements()) : given;
    var operation = operation("ScatterND").inputs(x, indices, parts);
    Checks.elements(operation, indices, ElementType.INT64);
    Checks.sameElements(operation, x, parts);
    int depth = depth(operation, x, indices);
    var expected = new ArrayList<>(indices.shape().dims().subList(0, indices.rank() - 1));
    expected.addAll(x.shape().dims().subList(depth, x.rank()));
    if (!parts.shape().dims().equals(expected)) {
      throw operation.error(
          "replacing slices of %s at %s takes new slices of shape %s, got %s"
              .formatted(x.type(), indices.type(), new Shape(expected), parts.type()));
    }
    return operation.output(x.type());
  }

  /**
   * Reads slices of a tensor: those that {@link #scatter} replaces.
   *
   * @param x a tensor of rank r
   * @param indices int64 {@code [..., k]}: the index of each slice along the first k axes
   * @return {@code [..., x.dim(k), ... x.dim(r - 1)]}
   */
  default Value gatherParts(Value x, Value indices) {
    var operation = operation("GatherND").inputs(x, indices);
    Checks.elements(operation, indices, ElementType.INT64);
    int depth = depth(operation, x, indices);
    var dims = new ArrayList<>(indices.shape().dims().subList(0, indices.rank() - 1));
    dims.addAll(x.shape().dims().subList(depth, x.rank()));
    return operation.output(x.elements(), new Shape(dims));
  }

  /** The number of axes that the indices of slices span. */
  private static int depth(NodeBuilder operation, Value x, Value indices) {
    long depth = indices.dim(-1).size();
    if (depth > x.rank()) {
      throw operation.error(
          "indices of %s address %s axes, but %s has %s"
              .formatted(indices.type(), depth, x.type(), x.rank()));
    }
    return (int) depth;
  }

  /**
   * For each element of {@code indices}, the element of {@code x} at this index of the last axis.
   *
   * @param x {@code [..., k]}
   * @param indices int64 {@code [..., m]}
   * @return {@code [..., m]}
   */
  default Value gatherElements(Value x, Value indices) {
    var operation = operation("GatherElements").inputs(x, indices);
    Checks.elements(operation, indices, ElementType.INT64);
    if (!x.shape().withLast(Dim.of(1)).equals(indices.shape().withLast(Dim.of(1)))) {
      throw operation.error("%s cannot be indexed by %s".formatted(x.type(), indices.type()));
    }
    // ONNX's reference evaluator does not support a negative axis here.
    return operation.attribute("axis", x.rank() - 1).output(x.elements(), indices.shape());
  }
}
