package ai.transonnx.verification.internal.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableLimitsTest {
  private static NodeProto node(String operator, List<String> inputs, String output) {
    return NodeProto.newBuilder().setOpType(operator).addAllInput(inputs).addOutput(output).build();
  }

  private static Map<String, Long> limits(NodeProto... nodes) {
    var graph = GraphProto.newBuilder();
    graph.addInput(ValueInfoProto.newBuilder().setName("ids"));
    graph.addInitializer(TensorProto.newBuilder().setName("words").addAllDims(List.of(100L, 8L)));
    graph.addInitializer(TensorProto.newBuilder().setName("types").addAllDims(List.of(2L, 8L)));
    graph.addAllNode(List.of(nodes));
    return TableLimits.of(graph.build());
  }

  @Test
  void anIndexOfATableIsLimitedByItsRows() {
    assertEquals(Map.of("ids", 100L), limits(node("Gather", List.of("words", "ids"), "out")));
  }

  @Test
  void castsAndReshapesOfTheIndexAreFollowed() {
    var limits =
        limits(
            node("Cast", List.of("ids"), "wide"),
            node("Reshape", List.of("wide", "shape"), "rows"),
            node("Cast", List.of("words"), "table"),
            node("Gather", List.of("table", "rows"), "out"));
    assertEquals(Map.of("ids", 100L), limits);
  }

  @Test
  void theSmallestOfSeveralTablesCounts() {
    var limits =
        limits(
            node("Gather", List.of("words", "ids"), "word"),
            node("Gather", List.of("types", "ids"), "type"));
    assertEquals(Map.of("ids", 2L), limits);
  }

  @Test
  void otherInputsHaveNoLimit() {
    var computed =
        limits(
            node("Add", List.of("ids", "ids"), "sum"),
            node("Gather", List.of("words", "sum"), "out"));
    assertEquals(Map.of(), computed);
  }
}
