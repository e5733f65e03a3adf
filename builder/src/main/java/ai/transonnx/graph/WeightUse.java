package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a node uses a weight that can be quantized. */
enum WeightUse {
  /** {@code rows * transpose(weight)} with a weight {@code [n, k]}. */
  ROWS_OF_PRODUCT,
  /** {@code rows * weight} with a weight {@code [k, n]}. */
  COLUMNS_OF_PRODUCT,
  /** A table {@code [rows, k]} of which rows are selected. */
  TABLE;

  private static final SortedMap<String, Attribute> TRANSPOSED =
      new TreeMap<>(Map.of("transB", new Attribute.Int(1)));

  /**
   * The use of a node's input.
   *
   * @return empty if the operator cannot have quantized weights there
   */
  static Optional<WeightUse> of(Node node, int input) {
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "Gemm" ->
          input == 1 && node.attributes().equals(TRANSPOSED)
              ? Optional.of(ROWS_OF_PRODUCT)
              : Optional.empty();
      case "MatMul" -> input == 1 ? Optional.of(COLUMNS_OF_PRODUCT) : Optional.empty();
      case "Gather" ->
          input == 0 && isFirst(node.attributes().get("axis"))
              ? Optional.of(TABLE)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isFirst(@Nullable Attribute axis) {
    return axis == null || axis.equals(new Attribute.Int(0));
  }

  /** The input of the node that the weight is applied to. */
  String operand(Node node) {
    return node.inputs().get(this == TABLE ? 1 : 0);
  }

  /** The weight with its blocks along the rows. */
  WeightExpression rows(Parameter weight) {
    return this == COLUMNS_OF_PRODUCT ? weight.source().transposed() : weight.source();
  }

  /** Whether a weight has the type and the sizes for this use. */
  boolean fits(Parameter weight, Quantization quantization) {
    if (weight.elements() != ElementType.FLOAT32 || weight.shape().rank() != 2) {
      return false;
    }
    long width = weight.shape().dim(this == COLUMNS_OF_PRODUCT ? 0 : 1).size();
    boolean isPackable =
        this != TABLE || quantization.type() != QuantizedType.INT4 || width % 2 == 0;
    return weight.shape().elements() > 0 && width >= quantization.block() && isPackable;
  }
}
