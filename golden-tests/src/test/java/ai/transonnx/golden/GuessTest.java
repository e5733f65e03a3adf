package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the weights of every case look like is what they are. */
class GuessTest {
  static Stream<Path> cases() {
    return Stream.of("cases", "trained").map(Path::of).flatMap(d -> CaseFolder.below(d).stream());
  }

  private static Guess guess(Path weights) {
    try (var file = Weights.open(weights)) {
      var shapes = new LinkedHashMap<String, Shape>();
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      return Guess.of(shapes).orElseThrow();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theClassIsRecognizedAndNoOptionIsWrong(Path path) {
    var folder = CaseFolder.read(path);
    var guess = guess(folder.weights());
    assertEquals(folder.library().id(), guess.library());
    if (!guess.className().isEmpty()) {
      assertEquals(folder.architecture().className(), guess.className());
    }
    assertAgrees(guess.config(), folder.architecture().configuration(), guess.toString());
  }

  private static void assertAgrees(JsonNode guessed, JsonNode actual, String message) {
    for (Map.Entry<String, JsonNode> option : guessed.properties()) {
      var value = meant(actual, option.getKey());
      if (option.getValue().isObject()) {
        assertAgrees(option.getValue(), value, message);
      } else if (option.getValue().isNumber()) {
        assertEquals(option.getValue().asDouble(), value.asDouble(), option.getKey() + message);
      } else {
        assertEquals(option.getValue(), value, option.getKey() + message);
      }
    }
  }

  /** Layers listed one by one that attend to a context have the weights of {@code cross_attend}. */
  private static JsonNode meant(JsonNode config, String key) {
    for (var kind :
        key.equals("cross_attend") ? config.path("custom_layers") : List.<JsonNode>of()) {
      if (kind.asText().equals("c")) {
        return BooleanNode.TRUE;
      }
    }
    return config.path(key);
  }

  @Test
  void aWholeConfigurationIsGuessedWhereItHasWeights() {
    var guess = guess(Path.of("trained/token-shift-gpt/bible/weights.safetensors"));
    assertEquals(
        "{\"class\":\"TokenShiftGPT\",\"num_tokens\":128,\"dim\":128,\"max_seq_len\":256,"
            + "\"depth\":4,\"ff_mult\":4}",
        guess.config().toString());
    assertTrue(guess.unknown().toString().contains("use_discounted_cumsum"), guess.toString());
  }

  @Test
  void weightsOfNoLibraryAreNotGuessed() {
    var shapes = new HashMap<String, Shape>();
    shapes.put("h.0.attn.c_attn.weight", Shape.of(16, 48));
    shapes.put("h.0.attn.c_attn.bias", Shape.of(48));
    assertEquals(Optional.empty(), Guess.of(shapes));
  }

  @Test
  void namesBehindAPrefixAreRecognized() {
    var shapes = new HashMap<String, Shape>();
    try (var file = Weights.open(Path.of("formats/wrapped.pt"))) {
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    }
    assertEquals("TransformerWrapper", Guess.of(shapes).orElseThrow().className());
  }

  @Test
  void otherTensorsLookLikeNothing() {
    assertTrue(Guess.of(Map.of("conv.weight", Shape.of(3, 3))).isEmpty());
  }
}
