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

/** Weights rounded up or down by chance. */
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
  void everyNumberBecomesOneOfItsNeighbours(ElementType half) {
    int up = 0;
    int down = 0;
    try (var file = Weights.open(CASE);
        var shaken = new PerturbedWeights(file, half, 3)) {
      for (var tensor : file.tensors().values()) {
        var before = floats(tensor);
        var after = floats(Objects.requireNonNull(shaken.tensors().get(tensor.name())));
        while (before.hasRemaining()) {
          float exact = before.get();
          float rounded = after.get();
          assertEquals(rounded, HalfFloat.widen(half, HalfFloat.narrow(half, rounded)));
          float middle = (float) (((double) exact + rounded) / 2);
          float between = HalfFloat.widen(half, HalfFloat.narrow(half, middle));
          float nearest = HalfFloat.widen(half, HalfFloat.narrow(half, exact));
          assertTrue(between == rounded || between == nearest, exact + " becomes " + rounded);
          up += rounded > exact ? 1 : 0;
          down += rounded < exact ? 1 : 0;
        }
      }
    }
    assertEquals(1, (double) up / down, 0.2, "up as often as down");
  }

  @Test
  void aPieceHasTheNumbersOfTheWhole() {
    try (var file = Weights.open(CASE);
        var shaken = new PerturbedWeights(file, ElementType.FLOAT16, 0)) {
      var tensor =
          shaken.tensors().values().stream()
              .filter(weight -> weight.shape().rank() == 2)
              .findFirst()
              .orElseThrow();
      var whole = floats(tensor);
      var piece = tensor.content().slice(64, 128).asFloatBuffer();
      assertEquals(whole.slice(16, 32), piece);
    }
  }

  @Test
  void anotherSeedRoundsOtherwise() {
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
