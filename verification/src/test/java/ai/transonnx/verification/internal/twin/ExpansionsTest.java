package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.runtime.Tensor;
import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators in float64, compared with ONNX Runtime's kernels for float32 and with formulas. */
class ExpansionsTest {
  /** Numbers and their error functions, computed with 30 digits. */
  private static final double[][] ERROR_FUNCTION = {
    {0x1p-100, 0x1p-100 * 1.1283791670955126},
    {0.125, 0.14031620480133383},
    {0.5, 0.5204998778130465},
    {1, 0.8427007929497149},
    {1.25, 0.9229001282564583},
    {2.5, 0.999593047982555},
    {5.5, 0.9999999999999927},
    {6, 1.0},
    {30, 1.0}
  };

  @TempDir private Path folder;

  private static float[] spread() {
    var values = new float[61];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - 30) / 4.3f;
    }
    return values;
  }

  /** As {@link OperatorModel#assertTwinIsClose}. */
  private void assertLikeFloat32(OperatorModel model, String... outputs) {
    model.assertTwinIsClose(folder, outputs);
  }

  @ParameterizedTest
  @CsvSource({
    "Relu,14",
    "LeakyRelu,17",
    "Elu,17",
    "Celu,17",
    "Selu,17",
    "Softplus,17",
    "Softsign,17",
    "ThresholdedRelu,17",
    "HardSigmoid,17",
    "HardSwish,17",
    "Sinh,17",
    "Cosh,17",
    "Atan,17",
    "Erf,17",
    "Gelu,20",
    "Mish,18",
    "Sigmoid,17",
    "Tanh,17",
    "Softmax,17",
    "LogSoftmax,17",
    "ReduceL2,17",
    "ReduceSum,17",
    "ReduceLogSumExp,18",
    "Exp,22",
    "com.microsoft.QuickGelu,17",
    "com.microsoft.FastGelu,17",
    "com.microsoft.Gelu,17"
  })
  void functionsOfOneOperand(String operator, int opset) {
    assertLikeFloat32(
        new OperatorModel(opset)
            .input("x", Tensor.ofFloats(spread(), 1, 61))
            .add(operator, List.of("x"), List.of("y"))
            .output("y"),
        "y");
  }

  private double[] of(String operator, int opset, double... values) {
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new OperatorModel(opset)
        .input("x", Tensor.ofFloats(floats, floats.length))
        .add(operator, List.of("x"), List.of("y"))
        .output("y")
        .runTwin(folder)
        .get("y")
        .doubles();
  }

  @Test
  void theErrorFunctionHasAllDigits() {
    for (var pair : ERROR_FUNCTION) {
      var actual = of("Erf", 17, pair[0], -pair[0]);
      assertEquals(pair[1], actual[0], 8 * Math.ulp(pair[1]), "erf of " + pair[0]);
      assertEquals(-pair[1], actual[1], 8 * Math.ulp(pair[1]), "erf of " + -pair[0]);
    }
  }

  @Test
  void theErrorFunctionPassesInfinityAndNaN() {
    var actual = of("Erf", 17, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
    assertArrayEquals(new double[] {1, -1, Double.NaN}, actual);
  }

  private void assertFormula(String operator, DoubleUnaryOperator formula) {
    var x = new double[] {-2.5, -1, -0.125, 0, 0.25, 1.5, 4};
    var expected = Arrays.stream(x).map(formula).toArray();
    var actual = of(operator, 20, x);
    for (int i = 0; i < x.length; i++) {
      double allowed = 2e-15 * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], allowed, operator + " of " + x[i]);
    }
  }

  @Test
  void functionsHaveAllDigits() {
    assertFormula("Atan", Math::atan);
    assertFormula("Tan", Math::tan);
    assertFormula("Sinh", Math::sinh);
    assertFormula("Softplus", x -> Math.log1p(Math.exp(x)));
    assertFormula("Gelu", x -> x / 2 * (1 + ErrorFunction.value(x * Math.sqrt(0.5))));
    assertFormula("Sigmoid", x -> 1 / (1 + Math.exp(-x)));
    assertFormula("Mish", x -> x * Math.tanh(Math.log1p(Math.exp(x))));
  }

  @Test
  void aSlopeForEachChannel() {
    assertLikeFloat32(
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(3, 2, 4))
            .weight("slope", OperatorModel.numbers(1, 4))
            .add("PRelu", List.of("x", "slope"), List.of("y"))
            .output("y"),
        "y");
  }

  @Test
  void meansOfOperandsAndSelectionsByIndex() {
    assertLikeFloat32(
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(3, 2, 4))
            .input("z", OperatorModel.numbers(3, 4))
            .input("i", Tensor.ofLongs(new long[] {2, 0}, 2))
            .weight("depth", Tensor.ofLongs(new long[] {3}))
            .weight("values", Tensor.ofFloats(new float[] {0.25f, -1}, 2))
            .add("Mean", List.of("x", "z"), List.of("mean"))
            .add("OneHot", List.of("i", "depth", "values"), List.of("hot"))
            .add("NonZero", List.of("z"), List.of("nonZero"))
            .output("mean", "hot", "nonZero"),
        "mean",
        "hot");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 21})
  void layerNormalization(int opset) {
    assertLikeFloat32(
        new OperatorModel(opset)
            .input("x", OperatorModel.numbers(3, 2, 3, 8))
            .weight("scale", OperatorModel.numbers(2, 8))
            .weight("bias", OperatorModel.numbers(1, 8))
            .add(
                "LayerNormalization",
                List.of("x", "scale", "bias"),
                List.of("y", "mean", "deviation"))
            .output("y", "mean", "deviation"),
        "y",
        "mean",
        "deviation");
  }

  @Test
  void layerNormalizationFromAnAxisThatCountsFromTheFirst() {
    assertLikeFloat32(
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(3, 2, 3, 8))
            .weight("scale", OperatorModel.numbers(2, 3, 8))
            .add(
                "LayerNormalization",
                List.of("x", "scale"),
                List.of("y"),
                List.of(Attributes.integer("axis", 1)))
            .output("y"),
        "y");
  }

  @Test
  void otherNormalizations() {
    assertLikeFloat32(
        new OperatorModel(23)
            .input("x", OperatorModel.numbers(3, 2, 4, 8))
            .weight("eight", OperatorModel.numbers(2, 8))
            .weight("four", OperatorModel.numbers(2, 4))
            .add("RMSNormalization", List.of("x", "eight"), List.of("rms"))
            .add("InstanceNormalization", List.of("x", "four", "four"), List.of("instance"))
            .add(
                "GroupNormalization",
                List.of("x", "four", "four"),
                List.of("group"),
                List.of(Attributes.integer("num_groups", 2)))
            .add("SimplifiedLayerNormalization", List.of("x", "eight"), List.of("simple"))
            .add(
                "com.microsoft.SkipLayerNormalization",
                List.of("x", "rms", "eight", "eight", "eight"),
                List.of("skip", "", "", "sum"))
            .add(
                "com.microsoft.SkipSimplifiedLayerNormalization",
                List.of("x", "rms", "eight", "eight"),
                List.of("skipSimple", "", "", "simpleSum"))
            .output("rms", "instance", "group", "simple", "skip", "sum", "skipSimple", "simpleSum"),
        "rms",
        "instance",
        "group",
        "simple",
        "skip",
        "sum",
        "skipSimple",
        "simpleSum");
  }

  private static OperatorModel convolution(
      Tensor x, Tensor weight, boolean hasBias, AttributeProto... attributes) {
    var model = new OperatorModel(17).input("x", x).weight("w", weight);
    if (hasBias) {
      model.weight("b", OperatorModel.numbers(1, weight.shape()[0]));
    }
    return model
        .add(
            "Conv",
            hasBias ? List.of("x", "w", "b") : List.of("x", "w"),
            List.of("y"),
            List.of(attributes))
        .output("y");
  }

  @Test
  void convolutions() {
    var row = OperatorModel.numbers(1, 2, 6, 11);
    var image = OperatorModel.numbers(1, 2, 4, 9, 8);
    var stride = OperatorModel.integers("strides", 2L, 3L);
    var pads = OperatorModel.integers("pads", 1L, 0L, 2L, 1L);
    var dilations = OperatorModel.integers("dilations", 2L, 1L);
    assertLikeFloat32(convolution(row, OperatorModel.numbers(1, 5, 6, 3), true), "y");
    assertLikeFloat32(
        convolution(row, OperatorModel.numbers(1, 6, 1, 3), true, Attributes.integer("group", 6)),
        "y");
    assertLikeFloat32(
        convolution(row, OperatorModel.numbers(1, 4, 3, 3), false, Attributes.integer("group", 2)),
        "y");
    assertLikeFloat32(
        convolution(image, OperatorModel.numbers(1, 3, 4, 3, 2), true, stride, pads, dilations),
        "y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER", "VALID"})
  void convolutionsWithImplicitPadding(String mode) {
    var padding =
        AttributeProto.newBuilder()
            .setName("auto_pad")
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(mode))
            .build();
    var row = OperatorModel.numbers(1, 1, 2, 9);
    assertLikeFloat32(convolution(row, OperatorModel.numbers(1, 2, 2, 4), true, padding), "y");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,0", "0,4", "1,4"})
  void rotaryEmbeddings(int interleaved, int dim) {
    long pairs = dim == 0 ? 4 : dim / 2;
    var attributes =
        List.of(
            Attributes.integer("interleaved", interleaved),
            Attributes.integer("rotary_embedding_dim", dim));
    var withHeads =
        List.of(attributes.get(0), attributes.get(1), Attributes.integer("num_heads", 2));
    assertLikeFloat32(
        new OperatorModel(23)
            .input("heads", OperatorModel.numbers(1, 2, 2, 5, 8))
            .input("joined", OperatorModel.numbers(1, 2, 5, 16))
            .input("cos", OperatorModel.numbers(1, 2, 5, pairs))
            .input("sin", OperatorModel.numbers(1, 2, 5, pairs))
            .weight("cosTable", OperatorModel.numbers(1, 9, pairs))
            .weight("sinTable", OperatorModel.numbers(1, 9, pairs))
            .input("positions", Tensor.ofLongs(new long[] {0, 1, 2, 3, 4, 8, 7, 6, 5, 4}, 2, 5))
            .add("RotaryEmbedding", List.of("heads", "cos", "sin"), List.of("a"), attributes)
            .add("RotaryEmbedding", List.of("joined", "cos", "sin"), List.of("b"), withHeads)
            .add(
                "RotaryEmbedding",
                List.of("joined", "cosTable", "sinTable", "positions"),
                List.of("c"),
                withHeads)
            .output("a", "b", "c"),
        "a",
        "b",
        "c");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,0", "1,5"})
  void attention(int causal, float cap) {
    var attributes =
        List.of(
            Attributes.integer("is_causal", causal),
            Attributes.number("softcap", cap),
            Attributes.integer("q_num_heads", 4),
            Attributes.integer("kv_num_heads", 2));
    assertLikeFloat32(
        new OperatorModel(23)
            .input("q", OperatorModel.numbers(2, 2, 5, 32))
            .input("k", OperatorModel.numbers(2, 2, 5, 16))
            .input("v", OperatorModel.numbers(2, 2, 5, 12))
            .input("mask", OperatorModel.numbers(1, 5, 5))
            .add("Attention", List.of("q", "k", "v", "mask"), List.of("y"), attributes)
            .output("y"),
        "y");
  }

  @Test
  void attentionToCachedKeysWithAMaskThatSelects() {
    var flags = new boolean[3 * 7];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = i % 3 != 1;
    }
    assertLikeFloat32(
        new OperatorModel(23)
            .input("q", OperatorModel.numbers(2, 2, 4, 3, 8))
            .input("k", OperatorModel.numbers(2, 2, 4, 3, 8))
            .input("v", OperatorModel.numbers(2, 2, 4, 3, 8))
            .input("pastK", OperatorModel.numbers(1, 2, 4, 4, 8))
            .input("pastV", OperatorModel.numbers(1, 2, 4, 4, 8))
            .input("mask", Tensor.ofBooleans(flags, 3, 7))
            .add(
                "Attention",
                List.of("q", "k", "v", "mask", "pastK", "pastV"),
                List.of("y", "keys", "values"),
                List.of(Attributes.number("scale", 0.25f)))
            .output("y", "keys", "values"),
        "y",
        "keys",
        "values");
  }

  @Test
  void theExpansionsAreInFloat64() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(3, 2, 3, 8))
            .weight("scale", OperatorModel.numbers(2, 8))
            .add("LayerNormalization", List.of("x", "scale"), List.of("y"))
            .output("y");
    var y = model.runTwin(folder).get("y").doubles();
    assertTrue(Arrays.stream(y).anyMatch(value -> value != (float) value));
  }
}
