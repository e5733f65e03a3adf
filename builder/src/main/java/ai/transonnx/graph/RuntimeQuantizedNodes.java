package ai.transonnx.graph;

import ai.transonnx.graph.QuantizedPart.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Quantized weights in ONNX Runtime's own operators. */
final class RuntimeQuantizedNodes extends QuantizedNodes {
  private static final String DOMAIN = "com.microsoft";

  /** The index of the bias in the inputs of {@code MatMulNBits}. */
  private static final int BIAS = 5;

  RuntimeQuantizedNodes(Quantization quantization) {
    super(quantization);
  }

  @Override
  Layout layout(WeightUse use, QuantizedType type) {
    return use == WeightUse.TABLE ? Layout.OFFSET_ROWS : Layout.OFFSET_BLOCKS;
  }

  @Override
  Layout zeroPointLayout(WeightUse use) {
    return Layout.OFFSET_ROWS;
  }

  @Override
  List<Node> product(Node node, Parts weight, long width, boolean isInner) {
    var inputs =
        new ArrayList<>(
            List.of(node.inputs().get(0), weight.values().name(), weight.scales().name()));
    weight.zeroPoints().ifPresent(points -> inputs.add(points.name()));
    if (node.inputs().size() == 3) {
      while (inputs.size() < BIAS) {
        inputs.add("");
      }
      inputs.add(node.inputs().get(2));
    }
    return List.of(
        last(
            node,
            DOMAIN,
            "MatMulNBits",
            inputs,
            Map.of(
                "K", width,
                "N", weight.values().shape().dim(0).size(),
                "bits", (long) weight.type().bits(),
                "block_size", (long) quantization().block(),
                "accuracy_level", (long) quantization().accuracyLevel())));
  }

  @Override
  List<Node> table(Node node, Parts table, long width) {
    var inputs =
        new ArrayList<>(
            List.of(table.values().name(), node.inputs().get(1), table.scales().name()));
    table.zeroPoints().ifPresent(points -> inputs.add(points.name()));
    return List.of(
        last(
            node,
            DOMAIN,
            "GatherBlockQuantized",
            inputs,
            Map.of(
                "gather_axis",
                0L,
                "quantize_axis",
                1L,
                "bits",
                (long) table.type().bits(),
                "block_size",
                (long) quantization().block())));
  }

  @Override
  List<Node> first() {
    return List.of();
  }

  @Override
  List<Constant> constants() {
    return List.of();
  }
}
