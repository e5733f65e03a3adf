package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor's dimensions; a scalar has none.
 *
 * <p>Immutable; threads may share it.
 */
public record Shape(List<Dim> dims) {
  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of these dimensions. */
  public static Shape of(Dim... dims) {
    return new Shape(List.of(dims));
  }

  /** A shape of fixed sizes. */
  public static Shape of(long... sizes) {
    var dims = new Dim[sizes.length];
    Arrays.setAll(dims, axis -> Dim.of(sizes[axis]));
    return of(dims);
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /**
   * The size of one dimension.
   *
   * @param axis counted from the end if negative
   * @throws GraphException if there is no such dimension
   */
  public Dim dim(int axis) {
    return dims.get(axis(axis));
  }

  /** The size of the last dimension. */
  public Dim last() {
    return dim(-1);
  }

  /**
   * The index of an axis.
   *
   * @param axis counted from the end if negative
   * @throws GraphException if there is no such dimension
   */
  public int axis(int axis) {
    int index = axis < 0 ? axis + rank() : axis;
    if (index < 0 || index >= rank()) {
      throw new GraphException("shape " + this + " has no axis " + axis);
    }
    return index;
  }

  /** This shape with the size of one dimension replaced. */
  public Shape with(int axis, Dim size) {
    var changed = new ArrayList<>(dims);
    changed.set(axis(axis), size);
    return new Shape(changed);
  }

  /** This shape with the size of the last dimension replaced. */
  public Shape withLast(Dim size) {
    return with(-1, size);
  }

  /** This shape with a dimension added before all others. */
  public Shape before(Dim first) {
    var more = new ArrayList<Dim>();
    more.add(first);
    more.addAll(dims);
    return new Shape(more);
  }

  /** This shape without one dimension. */
  public Shape without(int axis) {
    var fewer = new ArrayList<>(dims);
    fewer.remove(axis(axis));
    return new Shape(fewer);
  }

  /** Whether every dimension has a fixed size. */
  public boolean isFixed() {
    return dims.stream().allMatch(Dim::isFixed);
  }

  /**
   * The sizes of all dimensions.
   *
   * @throws GraphException if a dimension is not fixed
   */
  public long[] sizes() {
    var sizes = new long[rank()];
    Arrays.setAll(sizes, axis -> dims.get(axis).size());
    return sizes;
  }

  /**
   * The number of elements.
   *
   * @throws GraphException if a dimension is not fixed
   * @throws ArithmeticException if the number does not fit a long
   */
  public long elements() {
    long elements = 1;
    for (var dim : dims) {
      elements = Math.multiplyExact(elements, dim.size());
    }
    return elements;
  }

  Shape substitute(Map<String, Dim> bindings) {
    return new Shape(dims.stream().map(d -> d.substitute(bindings)).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && dims.equals(shape.dims);
  }

  @Override
  public int hashCode() {
    return dims.hashCode();
  }

  /** For example {@code [batch, length, 16]}. */
  @Override
  public String toString() {
    return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
