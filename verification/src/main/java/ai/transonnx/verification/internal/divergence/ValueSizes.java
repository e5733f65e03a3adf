package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures how large the intermediate values of a call are, without keeping any: their sizes are
 * appended to each other, one after the other. ONNX Runtime executes what the first operand of a
 * node needs before the second if it is later in the file, so that a value is dropped as soon as
 * the next is known.
 */
final class ValueSizes {
  private static final String PREFIX = "measured/";
  private static final String ONE = PREFIX + "one";

  private final ModelProto.Builder measured;
  private final List<NodeProto> appending = new ArrayList<>();
  private String all = "";

  private ValueSizes(ModelProto model) {
    measured = model.toBuilder().clearMetadataProps();
    measured
        .getGraphBuilder()
        .clearOutput()
        .clearNode()
        .addInitializer(
            TensorProto.newBuilder()
                .setName(ONE)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(1));
  }

  /**
   * The size of each value in float64, in bytes.
   *
   * @param values results of nodes, in the order of the model
   * @return empty if the model cannot be run with additional operators
   */
  static Map<String, Long> of(
      Scratch scratch,
      ModelRunner runner,
      ModelProto model,
      List<String> values,
      Map<String, Tensor> inputs) {
    var sizes = new ValueSizes(model);
    var order = new ArrayList<String>();
    var wanted = new LinkedHashSet<>(values);
    for (var node : model.getGraph().getNodeList()) {
      sizes.measured.getGraphBuilder().addNode(node);
      List<String> results = node.getOutputList();
      for (var value : results) {
        if (wanted.remove(value)) {
          sizes.measure(value);
          order.add(value);
        }
      }
    }
    if (order.isEmpty()) {
      return Map.of();
    }
    try {
      return sizes.run(scratch, runner, order, inputs);
    } catch (RunnerException e) {
      return Map.of();
    }
  }

  private void measure(String value) {
    var graph = measured.getGraphBuilder();
    var size = PREFIX + "size/" + value;
    graph.addNode(node("Size", size + "/scalar", value));
    graph.addNode(node("Reshape", size, size + "/scalar", ONE));
    if (!all.isEmpty()) {
      var longer = PREFIX + "up to/" + value;
      var axis =
          AttributeProto.newBuilder()
              .setName("axis")
              .setType(AttributeProto.AttributeType.INT)
              .setI(0);
      appending.add(node("Concat", longer, all, size).toBuilder().addAttribute(axis).build());
      all = longer;
    } else {
      all = size;
    }
  }

  private static NodeProto node(String operator, String result, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(result)
        .build();
  }

  private Map<String, Long> run(
      Scratch scratch, ModelRunner runner, List<String> order, Map<String, Tensor> inputs) {
    var graph = measured.getGraphBuilder().addAllNode(appending);
    var port = graph.addOutputBuilder().setName(all);
    port.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.INT64_VALUE);
    var found = scratch.run(runner, measured.build(), inputs, List.of(all)).get(all);
    var elements = Objects.requireNonNull(found).longs();
    var sizes = new HashMap<String, Long>();
    for (int i = 0; i < order.size(); i++) {
      sizes.put(order.get(i), Double.BYTES * elements[i]);
    }
    return sizes;
  }
}
