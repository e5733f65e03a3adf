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
 * Some of the elements.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Indexing extends Operators {
  /** As an end of {@link #slice}: the last element is the last of the axis. */
  long END = Long.MAX_VALUE;

  /**
   * The elements {@code from} to {@code to - 1} of one axis.
   *
   * @param from counted from the end if negative
   * @param to counted from the end if negative; {@link #END} for all that follow. An axis of a size
   *     that is not fixed must be long enough when the model runs
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
   * The elements {@code from} to {@code to - 1} of one axis, known when the model runs.
   *
   * @param from int64 {@code [1]}
   * @param to int64 {@code [1]}
   * @param size what {@code to - from} is
   */
  default Value slice(Value x, int axis, Value from, Value to, Dim size) {
    var operation = operation("Slice").inputs(x, from, to, vector(axis), vector(1));
    Checks.elements(operation, from, ElementType.INT64);
    Checks.elements(operation, to, ElementType.INT64);
    int along = Checks.axis(operation, x, axis);
    return operation.output(x.elements(), x.shape().with(along, size));
  }

  /**
   * The last elements of one axis, at most so many: an axis that has fewer stays as it is.
   *
   * @param most 1 or more
   * @param size what the size is afterwards
   */
  default Value last(Value x, int axis, long most, Dim size) {
    return slice(x, axis, vector(-most), vector(END), size);
  }

  /**
   * The greatest elements of the last axis, in descending order.
   *
   * @param count how many: int64 {@code [1]}, not more than there are
   * @param size what {@code count} is when the model runs
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
   * @param indices int64 of any shape, which takes the place of the axis
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
   * A tensor with some of its parts replaced, in its own type of floats.
   *
   * @param x of rank r
   * @param indices int64 {@code [..., k]}: where each part is, along the first k axes
   * @param given {@code [..., x.dim(k), ... x.dim(r - 1)]}
   * @return of the shape of {@code x}
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
          "%s at %s takes parts of %s, not %s"
              .formatted(x.type(), indices.type(), new Shape(expected), parts.type()));
    }
    return operation.output(x.type());
  }

  /**
   * Parts of a tensor: what {@link #scatter} would replace.
   *
   * @param x of rank r
   * @param indices int64 {@code [..., k]}: where each part is, along the first k axes
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

  /** Along how many axes the indices of parts go. */
  private static int depth(NodeBuilder operation, Value x, Value indices) {
    long depth = indices.dim(-1).size();
    if (depth > x.rank()) {
      throw operation.error("%s has no parts at %s".formatted(x.type(), indices.type()));
    }
    return (int) depth;
  }

  /**
   * For each place of {@code indices}, the element that stands at this index of the last axis.
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
    // ONNX's reference evaluator takes no axis that is counted from the end.
    return operation.attribute("axis", x.rank() - 1).output(x.elements(), indices.shape());
  }
}
