package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.GraphException;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Operators that change a tensor's shape or the order of its elements.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Layout extends Operators {
  /**
   * Reshapes a tensor.
   *
   * @throws GraphException if more than one size of {@code target} is neither fixed nor the size of
   *     the operand's dimension at the same index; such a shape must be computed and given as a
   *     value
   */
  default Value reshape(Value x, Shape target) {
    var sizes = new long[target.rank()];
    int inferred = 0;
    for (int i = 0; i < sizes.length; i++) {
      Dim dim = target.dim(i);
      if (dim.isFixed()) {
        sizes[i] = dim.size();
      } else if (i < x.rank() && dim.equals(x.dim(i))) {
        sizes[i] = 0; // the operand's size
      } else {
        sizes[i] = -1; // inferred by the runtime
        inferred++;
      }
    }
    if (inferred > 1) {
      throw operation("Reshape")
          .error(
              ("%s cannot be reshaped to %s: more than one size must be inferred;"
                      + " give the sizes as a value")
                  .formatted(x.type(), target));
    }
    if (fixedSizesDiffer(x.shape(), target)) {
      throw operation("Reshape")
          .error(
              "%s cannot be reshaped to %s: the numbers of elements differ"
                  .formatted(x.type(), target));
    }
    return reshape(x, vector(sizes), target);
  }

  /** Whether the shapes have the same symbolic sizes and other numbers of elements. */
  private static boolean fixedSizesDiffer(Shape shape, Shape target) {
    var symbolic = new ArrayList<>(shape.dims());
    symbolic.removeIf(Dim::isFixed);
    for (var dim : target.dims()) {
      if (!dim.isFixed() && !symbolic.remove(dim)) {
        return false;
      }
    }
    return symbolic.isEmpty() && fixedElements(shape) != fixedElements(target);
  }

  private static long fixedElements(Shape shape) {
    return new Shape(shape.dims().stream().filter(Dim::isFixed).toList()).elements();
  }

  /**
   * Reshapes a tensor to a shape that is computed when the model runs.
   *
   * @param sizes int64 {@code [rank]}; 0 keeps the operand's size, and one -1 is inferred
   * @param target the result's shape
   */
  default Value reshape(Value x, Value sizes, Shape target) {
    var operation = operation("Reshape").inputs(x, sizes);
    Checks.elements(operation, sizes, ElementType.INT64);
    if (!sizes.shape().equals(Shape.of(target.rank()))) {
      throw operation.error(
          "sizes of %s cannot hold a shape of %s dimensions"
              .formatted(sizes.type(), target.rank()));
    }
    return operation.output(x.elements(), target);
  }

  /** Inserts a dimension of size 1 before the operand's dimension {@code axis}. */
  default Value unsqueeze(Value x, int axis) {
    var operation = operation("Unsqueeze").inputs(x, vector(axis));
    if (axis < 0 || axis > x.rank()) {
      throw operation.error(
          "cannot insert a dimension into %s at index %s".formatted(x.type(), axis));
    }
    var dims = new ArrayList<>(x.shape().dims());
    dims.add(axis, Dim.of(1));
    return operation.output(x.elements(), new Shape(dims));
  }

  /** Removes a dimension of size 1. */
  default Value squeeze(Value x, int axis) {
    var operation = operation("Squeeze");
    int dropped = Checks.axis(operation, x, axis);
    if (!x.dim(dropped).is(1)) {
      throw operation.error(
          "cannot remove axis %s of %s: its size is not 1".formatted(axis, x.type()));
    }
    return operation.inputs(x, vector(dropped)).output(x.elements(), x.shape().without(dropped));
  }

  /** Copies a tensor, for a branch that returns a value from outside of it. */
  default Value copy(Value x) {
    return unary("Identity", x);
  }

  /**
   * Broadcasts a tensor to the shape {@code target}; {@code sizes} is the same shape as an int64
   * vector.
   */
  default Value expand(Value x, Value sizes, Shape target) {
    var operation = operation("Expand").inputs(x, sizes);
    Checks.elements(operation, sizes, ElementType.INT64);
    Broadcasting.shape(operation, x.shape(), target);
    return operation.output(x.elements(), target);
  }

  /** Concatenates tensors, which agree in all dimensions except {@code axis}. */
  default Value concat(int axis, Value... parts) {
    return concat(axis, List.of(parts));
  }

  /** Concatenates tensors, which agree in all dimensions except {@code axis}. */
  default Value concat(int axis, List<Value> given) {
    var operation = operation("Concat");
    var parts = promoted(given.toArray(Value[]::new));
    var first = parts.get(0);
    int along = Checks.axis(operation, first, axis);
    Dim sum = Dim.of(0);
    for (var part : parts) {
      operation.input(part);
      Checks.sameElements(operation, first, part);
      boolean fits =
          part.rank() == first.rank()
              && part.shape().with(along, Dim.of(0)).equals(first.shape().with(along, Dim.of(0)));
      if (!fits) {
        throw operation.error(
            "%s and %s cannot be concatenated along axis %s"
                .formatted(first.type(), part.type(), axis));
      }
      sum = sum.plus(part.dim(along));
    }
    return operation
        .attribute("axis", along)
        .output(first.elements(), first.shape().with(along, sum));
  }

  /**
   * Splits a tensor into parts of the given sizes along one axis; the sizes add up to the size of
   * the axis.
   */
  default List<Value> split(Value x, int axis, long... sizes) {
    var operation = operation("Split").inputs(x, vector(sizes));
    int along = Checks.axis(operation, x, axis);
    if (!x.dim(along).is(Arrays.stream(sizes).sum())) {
      throw operation.error(
          "%s cannot be split into %s along axis %s"
              .formatted(x.type(), Arrays.toString(sizes), axis));
    }
    return operation
        .attribute("axis", along)
        .outputs(
            Arrays.stream(sizes)
                .mapToObj(size -> new TensorType(x.elements(), x.shape().with(along, Dim.of(size))))
                .toList());
  }

  /**
   * Adds zeros before and after the elements of one axis.
   *
   * @param before number of zeros before the elements
   * @param after number of zeros after the elements
   */
  default Value pad(Value x, int axis, long before, long after) {
    int along = Checks.axis(operation("Pad"), x, axis);
    var pads = new long[2 * x.rank()]; // all starts, then all ends
    pads[along] = before;
    pads[x.rank() + along] = after;
    return padded(x, vector(pads), x.shape().with(along, x.dim(along).plus(before + after)));
  }

  /**
   * ONNX Runtime cannot pad bfloat16 on any device, so it is padded as float32; casting back is
   * exact.
   */
  private Value padded(Value x, Value pads, Shape shape) {
    var wide = x.elements() == ElementType.BFLOAT16 ? widen(x) : x;
    return cast(operation("Pad").inputs(wide, pads).output(wide.elements(), shape), x.elements());
  }

  /**
   * Adds zeros after the elements of one axis.
   *
   * @param amount number of zeros: int64 {@code [1]}
   * @param padded the result's size along the axis
   */
  default Value padEnd(Value x, int axis, Value amount, Dim padded) {
    return pad(x, axis, vector(0), amount, padded);
  }

  /**
   * Adds zeros before and after the elements of one axis.
   *
   * @param before number of zeros before the elements: int64 {@code [1]}
   * @param after number of zeros after the elements: int64 {@code [1]}
   * @param padded the result's size along the axis
   */
  default Value pad(Value x, int axis, Value before, Value after, Dim padded) {
    int along = Checks.axis(operation("Pad"), x, axis);
    var others = new long[x.rank() - 1];
    var between = vector(others); // the ends of the axes before it, the starts of those after it
    var pads =
        concat(
            0,
            vector(new long[along]),
            before,
            between,
            after,
            vector(new long[others.length - along])); // [2 * rank]: all starts, then all ends
    return padded(x, pads, x.shape().with(along, padded));
  }

  /** Permutes dimensions: dimension {@code order[i]} becomes dimension {@code i}. */
  default Value transpose(Value x, int... order) {
    var operation = operation("Transpose").input(x);
    var all = IntStream.range(0, x.rank()).boxed().toList();
    if (!all.equals(Arrays.stream(order).sorted().boxed().toList())) {
      throw operation.error(
          "%s is not a permutation of the axes of %s".formatted(Arrays.toString(order), x.type()));
    }
    var permutation = Arrays.stream(order).mapToObj(i -> (long) i).toList();
    return operation
        .attribute("perm", new Attribute.Ints(permutation))
        .output(x.elements(), new Shape(Arrays.stream(order).mapToObj(x::dim).toList()));
  }
}
