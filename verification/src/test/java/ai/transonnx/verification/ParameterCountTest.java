package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterCountTest {
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  private void add(String name, DataType type, Long... dims) {
    graph
        .addInitializerBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(List.of(dims));
  }

  private void assertCount(long expected) {
    assertEquals(expected, ParameterCount.of(graph.build()));
  }

  @Test
  void indicesAreNoParameters() {
    add("weight", DataType.FLOAT16, 3L, 5L);
    add("shape", DataType.INT64, 4L);
    assertCount(15);
  }

  @Test
  void aQuantizedMatrixCountsItsWeights() {
    add("w/rows_of_product.int4", DataType.INT4, 40L, 6L);
    add("w/rows_of_product.scales", DataType.FLOAT, 3L, 6L);
    assertCount(240);
  }

  @Test
  void aWeightWithTwoUsesCountsOnce() {
    add("w/table.int4", DataType.UINT8, 6L, 20L);
    add("w/table.scales", DataType.FLOAT, 6L, 3L);
    add("w/rows_of_product.int4", DataType.INT4, 40L, 6L);
    add("w/rows_of_product.scales", DataType.FLOAT, 3L, 6L);
    assertCount(240);
  }

  /** Its last blocks are filled up: 40 elements take three blocks of 16. */
  @Test
  void aProductStatesTheSizeOfItsMatrix() {
    add("matrix", DataType.UINT8, 6L, 3L, 8L);
    add("scales", DataType.FLOAT, 6L, 3L);
    graph
        .addNodeBuilder()
        .setOpType("MatMulNBits")
        .setDomain("com.microsoft")
        .addAllInput(List.of("x", "matrix", "scales"))
        .addAttribute(AttributeProto.newBuilder().setName("K").setI(40))
        .addAttribute(AttributeProto.newBuilder().setName("N").setI(6));
    assertCount(240);
  }
}
