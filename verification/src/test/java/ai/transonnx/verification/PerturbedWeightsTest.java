package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PerturbedWeightsTest {
  private static final Path CASE =
      Path.of("../golden-tests/cases/x-transformers/palm-like/weights.safetensors");

  private static FloatBuffer floats(WeightTensor tensor) {
    return tensor.content().slice(0, (int) tensor.byteCount()).asFloatBuffer();
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT16", "BFLOAT16"})
  void everyNumberIsRoundedToANeighbor(ElementType type) {
    int up = 0;
    int down = 0;
    try (var file = Weights.open(CASE);
        var perturbed = new PerturbedWeights(file, type, 3)) {
      for (var tensor : file.tensors().values()) {
        var before = floats(tensor);
        var after = floats(Objects.requireNonNull(perturbed.tensors().get(tensor.name())));
        while (before.hasRemaining()) {
          float exact = before.get();
          float rounded = after.get();
          assertEquals(rounded, HalfFloat.widen(type, HalfFloat.narrow(type, rounded)));
          float middle = (float) (((double) exact + rounded) / 2);
          float between = HalfFloat.widen(type, HalfFloat.narrow(type, middle));
          float nearest = HalfFloat.widen(type, HalfFloat.narrow(type, exact));
          assertTrue(between == rounded || between == nearest, exact + " becomes " + rounded);
          up += rounded > exact ? 1 : 0;
          down += rounded < exact ? 1 : 0;
        }
      }
    }
    assertEquals(1, (double) up / down, 0.2, "up as often as down");
  }

  @Test
  void aSliceHasTheNumbersOfTheWhole() {
    try (var file = Weights.open(CASE);
        var perturbed = new PerturbedWeights(file, ElementType.FLOAT16, 0)) {
      var tensor =
          perturbed.tensors().values().stream()
              .filter(weight -> weight.shape().rank() == 2)
              .findFirst()
              .orElseThrow();
      var whole = floats(tensor);
      var slice = tensor.content().slice(64, 128).asFloatBuffer();
      assertEquals(whole.slice(16, 32), slice);
    }
  }

  @Test
  void anotherSeedRoundsDifferently() {
    try (var file = Weights.open(CASE);
        var one = new PerturbedWeights(file, ElementType.FLOAT16, 0);
        var other = new PerturbedWeights(file, ElementType.FLOAT16, 1)) {
      var name = file.tensors().keySet().iterator().next();
      assertNotEquals(
          floats(Objects.requireNonNull(one.tensors().get(name))),
          floats(Objects.requireNonNull(other.tensors().get(name))));
    }
  }
}
