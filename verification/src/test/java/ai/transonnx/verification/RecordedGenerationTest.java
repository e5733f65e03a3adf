package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Shape;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedGenerationTest {
  /** A model that must not be called. */
  private static final class Uncalled implements CaseModel {
    @Override
    public ModelMetadata metadata() {
      throw new AssertionError();
    }

    @Override
    public List<String> inputs() {
      throw new AssertionError();
    }

    @Override
    public boolean hasSameLength(String input, String other) {
      throw new AssertionError();
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs) {
      throw new AssertionError();
    }

    @Override
    public long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length) {
      throw new AssertionError();
    }

    @Override
    public void close() {}
  }

  @TempDir private Path directory = Path.of("");

  @Test
  void moreTokensThanCanBeRepeatedAreRefused() {
    var path =
        new TestWeights()
            .add("0/in/tokens", ElementType.INT64, Shape.of(2, 1), new byte[16])
            .add("0/out/generated", ElementType.INT64, Shape.of(2, 5001), new byte[16 * 5001])
            .write(directory.resolve("io.safetensors"));
    var step =
        new Step(
            0,
            Step.Kind.GREEDY,
            List.of("tokens"),
            List.of("generated"),
            OptionalDouble.empty(),
            OptionalDouble.empty());
    try (var recording = Recording.open(path);
        var model = new Uncalled()) {
      var generation = new RecordedGeneration(step, recording);
      var tolerance = Tolerance.of(Precision.FLOAT32);
      var error =
          assertThrows(InputException.class, () -> generation.comparedWith(model, tolerance));
      assertEquals(
          "'generated' has 2 rows of 5001 positions; record at most 10000 in all",
          error.getMessage());
    }
  }
}
