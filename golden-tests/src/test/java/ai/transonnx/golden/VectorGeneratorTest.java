package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.VectorGenerator;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Tolerance;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorGeneratorTest {
  private static final int FEATURES = 9;

  @TempDir private Path scratch;

  private OnnxModel export(GraphRequest request) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", "continuous-generate"));
    var file = scratch.resolve(request.incremental() ? "incremental.onnx" : "full.onnx");
    folder.export(request, file);
    return OnnxModel.load(file);
  }

  @Test
  void stateDoesNotChangeTheContinuation() {
    try (var incremental = export(GraphRequest.builder().incremental(true).build());
        var full = export(GraphRequest.main())) {
      var values = new float[2 * 5 * FEATURES];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i);
      }
      var prompt = Tensor.ofFloats(values, 2, 5, FEATURES);
      var expected = VectorGenerator.of(full).generate(prompt, 30);
      var actual = VectorGenerator.of(incremental).generate(prompt, 30);
      var comparison = Comparison.of("generated", expected, actual);
      assertTrue(comparison.agrees(), comparison.description());
    }
  }

  @Test
  void float64VectorsAreFedAndReturnedWithoutRounding() {
    var wide = EmitOptions.STANDARD.withPrecision(Precision.FLOAT64);
    var decoding = GraphRequest.builder().emit(wide);
    var values = new double[5 * FEATURES];
    Arrays.setAll(values, i -> Math.sin(i));
    try (var incremental = export(decoding.incremental(true).build());
        var full = export(decoding.incremental(false).build())) {
      var prompt = Tensor.ofDoubles(values, 1, 5, FEATURES);
      var expected = VectorGenerator.of(full).generate(prompt, 8);
      var actual = VectorGenerator.of(incremental).generate(prompt, 8);
      var comparison = Comparison.of("generated", expected, actual, new Tolerance(1e-12));
      assertTrue(comparison.agrees(), comparison.description());
      var rounded = prompt.as(ElementType.FLOAT32);
      assertEquals(
          ElementType.FLOAT64, VectorGenerator.of(incremental).generate(rounded, 1).type());
    }
  }

  @Test
  void otherPromptsAreRejected() {
    try (var model = export(GraphRequest.main())) {
      var generator = VectorGenerator.of(model);
      assertRefused(generator, Tensor.zeros(ElementType.FLOAT32, 1, 2, 8), 1, "have 9 numbers");
      assertRefused(generator, Tensor.zeros(ElementType.FLOAT32, 1, 0, 9), 1, "float32[1, 0, 9]");
      assertRefused(generator, Tensor.zeros(ElementType.INT64, 1, 2, 9), 1, "int64[1, 2, 9]");
      assertRefused(generator, Tensor.zeros(ElementType.FLOAT32, 1, 2, 9), -1, "length is -1");
    }
  }

  private static void assertRefused(
      VectorGenerator generator, Tensor prompt, int length, String why) {
    var e = assertThrows(RequestException.class, () -> generator.generate(prompt, length));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
