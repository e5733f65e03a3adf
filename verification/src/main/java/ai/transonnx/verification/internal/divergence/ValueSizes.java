package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures how large the intermediate values of a call are, without keeping any. */
final class ValueSizes {
  private static final String SHAPE = "/shape of it";

  private ValueSizes() {}

  /**
   * The size of each value in float64, in bytes.
   *
   * @return empty if the model cannot be run with additional operators
   */
  static Map<String, Long> of(
      Scratch scratch,
      ModelRunner runner,
      ModelProto model,
      List<String> values,
      Map<String, Tensor> inputs) {
    var measured = model.toBuilder();
    var graph = measured.getGraphBuilder().clearOutput();
    for (var value : values) {
      graph.addNode(
          NodeProto.newBuilder().setOpType("Shape").addInput(value).addOutput(value + SHAPE));
      graph.addOutput(ValueInfoProto.newBuilder().setName(value + SHAPE));
    }
    var sizes = new HashMap<String, Long>();
    try {
      var wanted = values.stream().map(value -> value + SHAPE).toList();
      var shapes = scratch.run(runner, measured.clearMetadataProps().build(), inputs, wanted);
      for (var value : values) {
        var shape = Objects.requireNonNull(shapes.get(value + SHAPE)).longs();
        sizes.put(value, Double.BYTES * Arrays.stream(shape).reduce(1, (a, b) -> a * b));
      }
    } catch (RunnerException e) {
      return Map.of();
    }
    return sizes;
  }
}
