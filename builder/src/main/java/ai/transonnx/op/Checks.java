package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Value;

/** Checks of operands that several operators share. */
final class Checks {
  private Checks() {}

  static void sameElements(NodeBuilder operation, Value a, Value b) {
    if (a.elements() != b.elements()) {
      throw operation.error(
          "operands must have one element type, got %s and %s".formatted(a.type(), b.type()));
    }
  }

  static void elements(NodeBuilder operation, Value x, ElementType expected) {
    if (x.elements() != expected) {
      throw operation.error("expected %s, got %s".formatted(expected, x.type()));
    }
  }

  static void floatingPoint(NodeBuilder operation, Value x) {
    if (!x.elements().isFloatingPoint()) {
      throw operation.error("expected a floating-point tensor, got " + x.type());
    }
  }

  static void rankAtLeast(NodeBuilder operation, Value x, int rank) {
    if (x.rank() < rank) {
      throw operation.error("expected at least %s dimensions, got %s".formatted(rank, x.type()));
    }
  }

  static void rank(NodeBuilder operation, Value x, int rank) {
    if (x.rank() != rank) {
      throw operation.error("expected %s dimensions, got %s".formatted(rank, x.type()));
    }
  }

  /** The index of an axis of {@code x}, counted from the start. */
  static int axis(NodeBuilder operation, Value x, int axis) {
    int index = axis < 0 ? axis + x.rank() : axis;
    if (index < 0 || index >= x.rank()) {
      throw operation.error("%s has no axis %s".formatted(x.type(), axis));
    }
    return index;
  }
}
