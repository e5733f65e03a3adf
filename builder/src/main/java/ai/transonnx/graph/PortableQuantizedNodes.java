package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.QuantizedPart.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Quantized weights in standard operators of opset 21.
 *
 * <p>A matrix is {@code [k, n]}, with blocks along its first axis, and is dequantized before each
 * {@code MatMul}: ONNX Runtime computes these two and the sum with the bias as one operator. It
 * fails to do so in a branch or in the body of a loop, whose matrices are therefore dequantized
 * before, once in a call. Of a table, only the selected rows are dequantized. {@code Gather} has no
 * int4, so that a table of int4 has bytes, and a second {@code Gather} from the table of all bytes
 * separates their two integers.
 */
final class PortableQuantizedNodes extends QuantizedNodes {
  private static final String NIBBLES = "quantized/nibbles";
  private static final int BYTES = 256;

  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Map<String, Node> first = new LinkedHashMap<>();

  PortableQuantizedNodes(Quantization quantization) {
    super(quantization);
  }

  @Override
  Layout layout(WeightUse use, QuantizedType type) {
    if (use != WeightUse.TABLE) {
      return Layout.COLUMNS;
    }
    return type == QuantizedType.INT4 ? Layout.OFFSET_ROWS : Layout.ROWS;
  }

  @Override
  Layout zeroPointLayout(WeightUse use) {
    return use == WeightUse.TABLE ? Layout.ROWS : Layout.COLUMNS;
  }

  @Override
  List<Node> product(Node node, Parts weight, long width, boolean isInner) {
    var nodes = new ArrayList<Node>();
    String matrix;
    if (isInner) {
      matrix = weight.values().name() + "/float32";
      first.computeIfAbsent(matrix, name -> dequantized(weight, name));
    } else {
      matrix = node.name() + "/weight";
      nodes.add(dequantized(weight, matrix));
    }
    var factors = List.of(node.inputs().get(0), matrix);
    if (node.inputs().size() < 3) {
      nodes.add(last(node, "", "MatMul", factors, Map.of()));
    } else {
      String product = node.name() + "/product";
      nodes.add(node("MatMul", factors, product, node.types().get(0), Map.of()));
      nodes.add(last(node, "", "Add", List.of(product, node.inputs().get(2)), Map.of()));
    }
    return nodes;
  }

  private Node dequantized(Parts weight, String name) {
    var inputs = new ArrayList<>(List.of(weight.values().name(), weight.scales().name()));
    weight.zeroPoints().ifPresent(points -> inputs.add(points.name()));
    return node(
        "DequantizeLinear",
        inputs,
        name,
        new TensorType(ElementType.FLOAT32, weight.values().shape()),
        Map.of("axis", 0L, "block_size", (long) quantization().block()));
  }

  @Override
  List<Node> first() {
    return List.copyOf(first.values());
  }

  @Override
  List<Node> table(Node node, Parts table, long width) {
    var type = node.types().get(0);
    String rows = node.name() + "/integers";
    String scales = node.name() + "/scales";
    var nodes = new ArrayList<Node>();
    if (table.type() == QuantizedType.INT4) {
      nodes.addAll(separated(node, table, width, rows));
    } else {
      nodes.add(selected(node, table.values(), rows));
    }
    nodes.add(selected(node, table.scales(), scales));
    var inputs = new ArrayList<>(List.of(rows, scales));
    table
        .zeroPoints()
        .ifPresent(
            points -> {
              String zeroPoints = node.name() + "/zero_points";
              nodes.add(selected(node, points, zeroPoints));
              inputs.add(zeroPoints);
            });
    nodes.add(
        last(
            node,
            "",
            "DequantizeLinear",
            inputs,
            Map.of("axis", type.shape().rank() - 1L, "block_size", (long) quantization().block())));
    return nodes;
  }

  /** The rows of a part of a table. */
  private static Node selected(Node node, Parameter part, String name) {
    var shape = node.types().get(0).shape().withLast(part.shape().last());
    return node(
        "Gather",
        List.of(part.name(), node.inputs().get(1)),
        name,
        new TensorType(part.elements(), shape),
        Map.of("axis", 0L));
  }

  /** Rows of int4, which are selected as bytes. */
  private List<Node> separated(Node node, Parts table, long width, String rows) {
    var shape = node.types().get(0).shape();
    var inBytes = shape.withLast(Dim.of(width / 2));
    String bytes = node.name() + "/bytes";
    String indices = node.name() + "/byte_indices";
    String pairs = node.name() + "/pairs";
    return List.of(
        selected(node, table.values(), bytes),
        node(
            "Cast",
            List.of(bytes),
            indices,
            new TensorType(ElementType.INT32, inBytes),
            Map.of("to", (long) ElementType.INT32.onnxNumber())),
        node(
            "Gather",
            List.of(nibbles(), indices),
            pairs,
            new TensorType(ElementType.INT8, pairs(inBytes)),
            Map.of("axis", 0L)),
        node(
            "Reshape",
            List.of(pairs, rowShape(shape.rank(), width)),
            rows,
            new TensorType(ElementType.INT8, shape),
            Map.of()));
  }

  private static Shape pairs(Shape bytes) {
    var dims = new ArrayList<>(bytes.dims());
    dims.add(Dim.of(2));
    return new Shape(dims);
  }

  /** The two integers of each byte. */
  private String nibbles() {
    int half = -QuantizedType.INT4.least();
    var pairs = new byte[2 * BYTES];
    for (int i = 0; i < BYTES; i++) {
      pairs[2 * i] = (byte) (i % 16 - half);
      pairs[2 * i + 1] = (byte) (i / 16 - half);
    }
    return constant(NIBBLES, Tensor.of(Shape.of(BYTES, 2), pairs));
  }

  /** The shape of rows; a zero copies the size of the operand. */
  private String rowShape(int rank, long width) {
    var sizes = new long[rank];
    sizes[rank - 1] = width;
    return constant("quantized/rows_%s_%s".formatted(rank, width), Tensor.vector(sizes));
  }

  private String constant(String name, Tensor value) {
    constants.putIfAbsent(name, new Constant(name, value));
    return name;
  }

  @Override
  List<Constant> constants() {
    return List.copyOf(constants.values());
  }
}
