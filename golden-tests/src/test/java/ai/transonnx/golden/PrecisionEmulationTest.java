package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.HalfFloat;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.PrecisionEmulation;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 16-bit models on a CPU that may lack operators for them. */
class PrecisionEmulationTest {
  private static final TensorType PAIR = new TensorType(ElementType.FLOAT32, Shape.of(2));

  @TempDir private Path folder;

  private static ModelBuilder builder(Precision precision) {
    return new ModelBuilder("test", EmitOptions.STANDARD.withPrecision(precision));
  }

  private static float[] run(OnnxModel model, Map<String, Tensor> inputs, String output) {
    return model.run(inputs).get(output).floats();
  }

  /** x * x * x with products of 16 bits. */
  private static Value cube(Scope s, Value x, ElementType type) {
    var narrow = s.cast(x, type);
    return s.mul(s.mul(narrow, narrow), narrow);
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT16", "BFLOAT16"})
  void everyOperationIsRounded(Precision precision) {
    var type = precision.computeType();
    var model = builder(precision);
    var s = Scope.of(model.graph());
    var x = model.graph().input("x", PAIR);
    model.output("straight", cube(s, x, type));
    var condition = s.less(s.sum(x), s.scalar(100f));
    var chosen =
        s.ifElse(
            condition,
            List.of(PAIR),
            then -> List.of(cube(then, x, type)),
            otherwise -> List.of(otherwise.copy(x)));
    model.output("chosen", chosen.get(0));
    float[] given = {1.2345678f, -0.777777f};
    float[] expected = new float[2];
    for (int i = 0; i < 2; i++) {
      float rounded = rounded(type, given[i]);
      expected[i] = rounded(type, rounded(type, rounded * rounded) * rounded);
      assertNotEquals(rounded(type, rounded * rounded * rounded), given[i]);
    }
    try (var loaded = BuiltModel.load(PrecisionEmulation.of(model.build()), folder)) {
      var inputs = Map.of("x", Tensor.ofFloats(given, 2));
      assertArrayEquals(expected, run(loaded, inputs, "straight"));
      assertArrayEquals(expected, run(loaded, inputs, "chosen"));
    }
  }

  private static float rounded(ElementType type, float value) {
    return HalfFloat.widen(type, HalfFloat.narrow(type, value));
  }

  /** Also with a bias, which a runtime may fuse into the product. */
  @Test
  void float16ProductsAccumulateInFloat32() {
    int terms = 8192;
    var model = builder(Precision.FLOAT16);
    var s = Scope.of(model.graph());
    var ones = new TensorType(ElementType.FLOAT32, Shape.of(1, terms));
    var x = model.graph().input("x", ones);
    var bias = s.constant(ai.transonnx.graph.Tensor.of(Shape.of(1), 8f));
    model.output("plain", s.gemm(x, x));
    model.output("biased", s.gemm(x, x, bias));
    var all = new float[terms];
    Arrays.fill(all, 1);
    var inputs = Map.of("x", Tensor.ofFloats(all, 1, terms));
    try (var loaded = BuiltModel.load(model.build(), folder)) {
      assertArrayEquals(new float[] {8192}, run(loaded, inputs, "plain"));
      assertArrayEquals(new float[] {8200}, run(loaded, inputs, "biased"));
    }
  }

  @Test
  void stateKeepsItsType() {
    var model = builder(Precision.BFLOAT16);
    var s = Scope.of(model.graph());
    var x = model.graph().input("x", PAIR);
    var past = model.past("sum", new TensorType(ElementType.BFLOAT16, PAIR.shape()));
    model.output("y", model.present("sum", s.add(past, s.cast(x, ElementType.BFLOAT16))));
    try (var loaded = BuiltModel.load(PrecisionEmulation.of(model.build()), folder)) {
      var pair = loaded.metadata().state().get(0);
      var first = Tensor.ofFloats(new float[] {1, 2}, 2).as(pair.type());
      var inputs = Map.of("x", Tensor.ofFloats(new float[] {0x1p-9f, 3}, 2), "past_sum", first);
      var outputs = loaded.run(inputs);
      var present = outputs.get("present_sum");
      assertEquals(ElementType.BFLOAT16, present.type());
      assertArrayEquals(new float[] {1, 5}, present.floats());
      assertArrayEquals(new float[] {1, 5}, run(loaded, inputs, "y"));
    }
  }

  @Test
  void aFloat32ModelStaysUnchanged() {
    var model = builder(Precision.FLOAT32);
    var s = Scope.of(model.graph());
    model.output("y", s.softmax(model.graph().input("x", PAIR)));
    var built = model.build();
    assertEquals(built, PrecisionEmulation.of(built));
  }

  @Test
  void bfloat16OnTheCpuIsRejectedWithARemedy() {
    var model = builder(Precision.BFLOAT16);
    var s = Scope.of(model.graph());
    model.output("y", cube(s, model.graph().input("x", PAIR), ElementType.BFLOAT16));
    var error =
        assertThrows(ModelException.class, () -> BuiltModel.load(model.build(), folder).close());
    var message = String.valueOf(error.getMessage());
    assertTrue(message.contains("--device cuda"), message);
    assertTrue(message.contains("--dtype float16"), message);
  }
}
