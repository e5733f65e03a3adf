package ai.transonnx.graph;

import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class QuantizedModelTest {
  private static final Quantization INT4 = Quantization.of(QuantizedType.INT4);

  private ModelBuilder builder = new ModelBuilder("test", EmitOptions.STANDARD);
  private Scope s = Scope.of(builder.graph());

  private void quantize(Quantization quantization, Target target) {
    var emit = EmitOptions.STANDARD.withTarget(target).withQuantization(quantization);
    builder = new ModelBuilder("test", emit);
    s = Scope.of(builder.graph());
  }

  private Value rows() {
    var type = new TensorType(FLOAT32, Shape.of(Dim.of("n"), Dim.of(32)));
    return builder.graph().input("x", type);
  }

  private Value tokens() {
    return builder.tokens("tokens", 24, Dim.of("b"), Dim.of("n"));
  }

  private static List<String> operators(Model model) {
    return model.graph().nodes().stream().map(Node::operator).toList();
  }

  private static String parameters(Model model) {
    return model.graph().parameters().stream()
        .map(p -> "%s %s %s".formatted(p.name(), p.elements(), p.shape()))
        .collect(Collectors.joining("; "));
  }

  @Test
  void matricesAreDequantizedBeforeTheProduct() {
    quantize(INT4, Target.PORTABLE);
    builder.output("y", s.gemm(rows(), s.matrix("w", 10, 32), s.parameter("b", 10)));
    var model = builder.build();
    assertEquals(List.of("DequantizeLinear", "MatMul", "Add"), operators(model));
    assertEquals(
        "w/rows_of_product.int4 int4 [32, 10]; w/rows_of_product.scales float32 [1, 10];"
            + " b float32 [10]",
        parameters(model));
    assertEquals("int4 32", model.properties().get(MetadataKey.QUANTIZATION.key()));
  }

  @Test
  void onnxRuntimeHasOneOperatorForAProductAndItsBias() {
    quantize(Quantization.of(QuantizedType.INT8).withBlock(16), Target.ONNXRUNTIME);
    builder.output("y", s.gemm(rows(), s.matrix("w", 10, 32), s.parameter("b", 10)));
    var model = builder.build();
    assertEquals(List.of("MatMulNBits"), operators(model));
    assertEquals(
        List.of("x", "w/rows_of_product.int8", "w/rows_of_product.scales", "", "", "b"),
        model.graph().nodes().get(0).inputs());
    assertTrue(parameters(model).startsWith("w/rows_of_product.int8 uint8 [10, 2, 16]; "));
  }

  @Test
  void zeroPointsHaveTheTypeOfTheIntegers() {
    quantize(INT4.withZeroPoints(), Target.PORTABLE);
    builder.output("y", s.gemm(rows(), s.matrix("w", 10, 32), s.parameter("b", 10)));
    builder.output("vectors", s.gather(s.matrix("table", 24, 32), 0, tokens()));
    var model = builder.build();
    assertEquals(
        "w/rows_of_product.int4 int4 [32, 10]; w/rows_of_product.scales float32 [1, 10];"
            + " w/rows_of_product.zero_points int4 [1, 10]; b float32 [10]; table/table.int4 uint8"
            + " [24, 16]; table/table.scales float32 [24, 1]; table/table.zero_points int8 [24, 1]",
        parameters(model));
    assertEquals("int4 32 zero_points", model.properties().get(MetadataKey.QUANTIZATION.key()));
  }

  @Test
  void onnxRuntimeHasPackedZeroPoints() {
    quantize(INT4.withBlock(16).withZeroPoints(), Target.ONNXRUNTIME);
    builder.output("y", s.gemm(rows(), s.matrix("w", 10, 32), s.parameter("b", 10)));
    var model = builder.build();
    assertEquals(
        List.of(
            "x",
            "w/rows_of_product.int4",
            "w/rows_of_product.scales",
            "w/rows_of_product.zero_points",
            "",
            "b"),
        model.graph().nodes().get(0).inputs());
    assertTrue(parameters(model).contains("w/rows_of_product.zero_points uint8 [10, 1]"));
  }

  @Test
  void tablesAndTheirTransposesAreBothQuantized() {
    quantize(INT4, Target.ONNXRUNTIME);
    var table = s.matrix("table", 24, 32);
    var vectors = s.gather(table, 0, tokens());
    builder.output("y", s.gemm(s.reshape(vectors, Shape.of(Dim.of(3), Dim.of(32))), table));
    var model = builder.build();
    assertEquals(
        "table/rows_of_product.int4 uint8 [24, 1, 16]; table/rows_of_product.scales float32 [24,"
            + " 1]; table/table.int4 uint8 [24, 16]; table/table.scales float32 [24, 1]",
        parameters(model));
  }

  @Test
  void positionsOfInt8StayFloat32() {
    assertTrue(
        positions(Quantization.of(QuantizedType.INT8), Target.PORTABLE)
            .startsWith("positions float32 [24, 32]; position_network float32 [32, 32]; w/"));
  }

  @Test
  void tablesOfPositionsHaveInt8() {
    assertTrue(
        positions(INT4, Target.PORTABLE)
            .startsWith(
                "positions/table.int8 int8 [24, 32]; positions/table.scales float32 [24, 1];"
                    + " position_network float32 [32, 32]; w/columns_of_product.int4"));
    assertTrue(
        positions(INT4, Target.ONNXRUNTIME)
            .startsWith("positions/table.int8 uint8 [24, 32]; positions/table.scales "));
    var bits = builder.build().graph().nodes().get(0).attributes().get("bits");
    assertEquals(new Attribute.Int(8), bits);
  }

  private String positions(Quantization quantization, Target target) {
    quantize(quantization, target);
    var positions = builder.graph().input("pos", new TensorType(INT64, Shape.of(Dim.of("n"))));
    var embedded = s.gather(s.matrix("positions", 24, 32), 0, positions);
    builder.output("p", s.matMul(embedded, s.matrix("position_network", 32, 32)));
    builder.output("y", s.matMul(rows(), s.matrix("w", 32, 10)));
    return parameters(builder.build());
  }

  @Test
  void weightsWithOtherUsesOrFewInputsStayFloat32() {
    quantize(INT4, Target.PORTABLE);
    var used = s.matrix("used", 32, 32);
    builder.output("a", s.matMul(rows(), used));
    builder.output("sum", s.add(used, used));
    builder.output("b", s.matMul(rows(builder, "z"), s.matrix("w", 32, 10)));
    var narrow = new TensorType(FLOAT32, Shape.of(Dim.of("n"), Dim.of(31)));
    var few = builder.graph().input("few", narrow);
    builder.output("c", s.matMul(few, s.matrix("narrow", 31, 64)));
    var model = builder.build();
    var plain =
        model.graph().parameters().stream()
            .filter(p -> p.elements() == FLOAT32 && !p.name().endsWith("scales"))
            .map(Parameter::name)
            .toList();
    assertEquals(List.of("used", "narrow"), plain);
  }

  @Test
  void keptWeightsStayFloat32() {
    quantize(INT4.withKeep(List.of("head*")), Target.PORTABLE);
    builder.output("a", s.matMul(rows(), s.matrix("w", 32, 10)));
    builder.output("b", s.matMul(rows(builder, "z"), s.matrix("head.weight", 32, 10)));
    assertTrue(parameters(builder.build()).contains("; head.weight float32 [32, 10]"));
  }

  private static Value rows(ModelBuilder builder, String name) {
    var type = new TensorType(FLOAT32, Shape.of(Dim.of("n"), Dim.of(32)));
    return builder.graph().input(name, type);
  }

  @Test
  void aPatternThatMatchesNothingIsRefusedWithNames() {
    quantize(INT4.withKeep(List.of("haed")), Target.PORTABLE);
    builder.output("y", s.matMul(rows(), s.matrix("head.weight", 32, 10)));
    var thrown = assertThrows(InputException.class, builder::build);
    assertTrue(thrown.getMessage().contains("'haed' matches none of the 1 weights"));
    assertTrue(thrown.getMessage().contains("head.weight"));
  }

  @Test
  void keepingEverythingIsRefused() {
    quantize(INT4.withKeep(List.of("*")), Target.PORTABLE);
    builder.output("y", s.matMul(rows(), s.matrix("w", 32, 10)));
    assertThrows(InputException.class, builder::build);
  }

  @Test
  void aModelWithoutLargeMatricesIsRefused() {
    quantize(INT4.withBlock(64), Target.PORTABLE);
    builder.output("y", s.matMul(rows(), s.matrix("w", 32, 10)));
    var thrown = assertThrows(InputException.class, builder::build);
    assertTrue(thrown.getMessage().contains("64"));
  }

  @Test
  void withoutQuantizationAModelIsUnchanged() {
    builder.output("y", s.matMul(rows(), s.matrix("w", 32, 10)));
    var model = builder.build();
    assertEquals("w float32 [32, 10]", parameters(model));
    assertTrue(!model.properties().containsKey(MetadataKey.QUANTIZATION.key()));
    assertEquals(ElementType.FLOAT32, model.graph().parameters().get(0).sourceElements());
  }
}
