package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guesses class and configuration from the weights of every case. */
class GuessTest {
  /** The options that add a tensor with a dimension of the heads or of one head. */
  private static final Set<String> HEADED =
      Set.of(
          "attn_aggregated_residuals",
          "attn_collab_heads",
          "attn_cope_talking_heads",
          "attn_gate_value_heads",
          "attn_gate_values_headwise",
          "attn_head_learned_sink",
          "attn_head_scale",
          "attn_k_rmsnorm",
          "attn_num_mem_kv",
          "attn_output_gate_headwise",
          "attn_post_talking_heads",
          "attn_pre_scale_post_talking_heads",
          "attn_pre_talking_heads",
          "attn_qk_rmsnorm",
          "attn_talking_heads",
          "attn_use_cope",
          "attn_use_rel_proj_pos_bias",
          "attn_value_rmsnorm",
          "dynamic_pos_bias",
          "polar_pos_emb",
          "rel_pos_bias");

  private static final Map<Path, List<CompletedGuess>> GUESSES = new HashMap<>();

  static Stream<Path> groups() {
    return Stream.of("cases", "references", "trained", "releases")
        .flatMap(directory -> CaseFolder.below(Path.of(directory)).stream())
        .map(Path::getParent)
        .distinct();
  }

  private static List<CompletedGuess> guesses(Path group) {
    return GUESSES.computeIfAbsent(
        group,
        key ->
            CaseFolder.below(group).stream()
                .map(CaseFolder::read)
                .map(CompletedGuess::of)
                .toList());
  }

  private static Guess guess(Path weights) {
    return Guess.of(CompletedGuess.shapes(weights), Optional.empty()).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void theGuessCompletedWithUnknownOptionsIsTheSameModel(Path group) {
    var failures =
        guesses(group).stream()
            .flatMap(guess -> guess.difference().stream())
            .collect(Collectors.joining("\n"));
    assertEquals("", failures);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void onlyOptionsWithoutTensorsAreUnknown(Path group) {
    for (var guess : guesses(group)) {
      for (var option : guess.guess().unknown().keySet()) {
        assertTrue(
            UndeterminedOptions.contains(option), () -> guess.folder().name() + " " + option);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void headsAreKnownIfATensorDependsOnThem(Path group) {
    for (var guess : guesses(group)) {
      for (var prefix : List.of("", "attn_layers.", "enc_", "dec_")) {
        if (guess.guess().unknown().containsKey(prefix + "heads")) {
          for (var headed : HEADED) {
            var value = guess.folder().config().at("/" + (prefix + headed).replace('.', '/'));
            assertFalse(value.asBoolean(), guess.folder().name() + " " + headed);
          }
        }
      }
    }
  }

  @Test
  void allOptionsWithTensorsAreGuessed() {
    var guess = guess(Path.of("trained/token-shift-gpt/bible/weights.safetensors"));
    assertEquals(
        "{\"class\":\"TokenShiftGPT\",\"num_tokens\":128,\"dim\":128,\"max_seq_len\":256,"
            + "\"depth\":4,\"ff_mult\":4}",
        guess.config().toString());
    assertEquals(Set.of("use_discounted_cumsum", "discount_gamma"), guess.unknown().keySet());
  }

  @Test
  void weightsOfOtherLibrariesAreNotGuessed() {
    var shapes = new HashMap<String, Shape>();
    shapes.put("h.0.attn.c_attn.weight", Shape.of(16, 48));
    shapes.put("h.0.attn.c_attn.bias", Shape.of(48));
    assertEquals(Optional.empty(), Guess.of(shapes, Optional.empty()));
  }

  @Test
  void namesAfterAPrefixAreRecognized() {
    assertEquals("TransformerWrapper", guess(Path.of("formats/wrapped.pt")).className());
  }

  @Test
  void otherTensorsAreNotGuessed() {
    var shapes = Map.of("conv.weight", Shape.of(3, 3));
    assertTrue(Guess.of(shapes, Optional.empty()).isEmpty());
  }

  /** Damaged files have a guess or none. In each case, another tensor is damaged. */
  @ParameterizedTest
  @MethodSource("groups")
  void anyTensorMayBeMissingOrScalar(Path group) {
    int number = 0;
    for (var guess : guesses(group)) {
      var shapes = CompletedGuess.shapes(guess.folder().weights());
      var name = List.copyOf(shapes.keySet()).get(number++ * 7 % shapes.size());
      shapes.remove(name);
      assertDoesNotThrow(() -> Guess.of(shapes, Optional.empty()), name);
      shapes.put(name, Shape.SCALAR);
      assertDoesNotThrow(() -> Guess.of(shapes, Optional.empty()), name);
    }
  }

  @Test
  void theKeysOfARenamedOptionAreThoseOfTheRelease() {
    var folder = CaseFolder.read(Path.of("releases/0.15.0/no-abs-pos"));
    var config = CompletedGuess.of(folder).guess().config();
    assertTrue(config.has("use_pos_emb"), config.toString());
  }

  @Test
  void optionsThatMustBeGivenAreMarked() {
    var folder = CaseFolder.read(Path.of("releases/2.26.4/xval-no-positions"));
    var unknown = CompletedGuess.of(folder).guess().unknown();
    assertEquals("required", unknown.get("numerical_token_id"));
    assertEquals("required", unknown.get("attn_layers.class"));
  }
}
