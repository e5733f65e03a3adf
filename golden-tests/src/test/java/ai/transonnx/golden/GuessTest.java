package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guesses class and configuration from the weights of every case. */
class GuessTest {
  /** The options that change no tensor, or not in every configuration. */
  private static final Set<String> UNDETERMINED =
      Set.of(
          // all libraries
          "causal",
          "class",
          "ignore_index",
          "shift_tokens",
          // token-shift-gpt
          "use_discounted_cumsum",
          "discount_gamma",
          // FLASH-pytorch
          "add_residual",
          "group_size",
          "laplace_attn_fn",
          "reduce_group_non_causal_attn",
          "rotary_pos_emb",
          // block-recurrent-transformer-pytorch
          "block_width",
          "max_seq_len",
          "read_recurrent_layers",
          // wrappers of x-transformers
          "channels",
          "deepnorm",
          "image_size",
          "l2norm_embed",
          "max_mem_len",
          "pad_value",
          "patch_size",
          "shift_mem_down",
          "tie_token_emb",
          // layers of x-transformers
          "alibi_num_heads",
          "alibi_pos_bias",
          "attn_dim_head",
          "attn_max_attend_past",
          "attn_qk_norm",
          "attn_qk_norm_groups",
          "attn_qk_norm_scale",
          "attn_sparse_topk",
          "attn_use_entmax15",
          "attn_value_dim_head",
          "cross_attend",
          "cross_residual_attn",
          "custom_layers",
          "depth",
          "dynamic_pos_bias_log_distance",
          "ff_relu_squared",
          "ff_swish",
          "heads",
          "layer_dropout",
          "macaron",
          "only_cross",
          "par_ratio",
          "rel_pos_max_distance",
          "residual_attn",
          "rotary_emb_dim",
          "rotary_xpos_scale_base",
          "sandwich_coef",
          "scale_residual_constant");

  /** The options that add a tensor with a dimension of the heads or of one head. */
  private static final Set<String> HEADED =
      Set.of(
          "attn_collab_heads",
          "attn_head_scale",
          "attn_num_mem_kv",
          "attn_qk_norm_dim_scale",
          "attn_talking_heads",
          "dynamic_pos_bias",
          "rel_pos_bias");

  @TempDir private Path temp;

  static Stream<String> libraries() {
    return cases().map(folder -> folder.library().id()).distinct();
  }

  private static Stream<CaseFolder> cases() {
    return Stream.of("cases", "references", "trained")
        .flatMap(directory -> CaseFolder.below(Path.of(directory)).stream())
        .map(CaseFolder::read)
        .filter(folder -> folder.release().isEmpty());
  }

  private static Stream<CaseFolder> cases(String library) {
    return cases().filter(folder -> folder.library().id().equals(library));
  }

  private static Guess guess(Path weights) {
    try (var file = Weights.open(weights)) {
      var shapes = new LinkedHashMap<String, Shape>();
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      return Guess.of(shapes).orElseThrow();
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void theGuessCompletedWithUnknownOptionsExportsTheSameFile(String library) {
    var failures = new ArrayList<String>();
    cases(library).forEach(folder -> check(folder, failures));
    assertEquals("", String.join("\n", failures));
  }

  private void check(CaseFolder folder, List<String> failures) {
    var guess = guess(folder.weights());
    var completed = completed(guess, folder.config());
    try {
      assertEquals(folder.library().id(), guess.library());
      var architecture = Architectures.of(Library.of(guess.library()), completed);
      long difference =
          Files.mismatch(
              export(folder, folder.architecture(), "actual.onnx"),
              export(folder, architecture, "guessed.onnx"));
      assertEquals(-1, difference, "position of the first difference");
    } catch (InputException | AssertionError | IOException e) {
      failures.add("%s: %s%n  %s%n  %s".formatted(folder.name(), e.getMessage(), completed, guess));
    }
  }

  private Path export(CaseFolder folder, Architecture architecture, String name) {
    var request = GraphRequest.main();
    var output = temp.resolve(name);
    try (var weights = Weights.open(folder.weights())) {
      Exporter.export(
          ExportRequest.builder(architecture.build(request), weights, output)
              .unusedWeights(architecture.unusedWeights(request))
              .build());
    }
    return output;
  }

  /** The guess with the actual values of its unknown options. */
  private static ObjectNode completed(Guess guess, JsonNode actual) {
    var config = guess.config().deepCopy();
    for (var option : guess.unknown().keySet()) {
      var path = List.of(option.split("\\."));
      var parent = config;
      var value = actual;
      for (var key : path) {
        value = value.path(key);
      }
      if (path.size() > 1) {
        parent = (ObjectNode) config.path(path.get(0));
      }
      var key = path.get(path.size() - 1);
      if (value.isMissingNode()) {
        parent.remove(key);
      } else {
        parent.set(key, value);
      }
    }
    return config;
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void onlyOptionsWithoutTensorsAreUnknown(String library) {
    cases(library)
        .forEach(
            folder -> {
              for (var option : guess(folder.weights()).unknown().keySet()) {
                var key = option.replaceFirst("^(attn_layers\\.|enc_|dec_)", "");
                assertTrue(UNDETERMINED.contains(key), folder.name() + " " + option);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void headsAreKnownIfATensorDependsOnThem(String library) {
    cases(library)
        .forEach(
            folder -> {
              for (var option : guess(folder.weights()).unknown().keySet()) {
                if (option.endsWith("heads") && !option.endsWith("alibi_num_heads")) {
                  var prefix = option.substring(0, option.length() - "heads".length());
                  for (var headed : HEADED) {
                    var value = folder.config().at("/" + (prefix + headed).replace('.', '/'));
                    assertFalse(value.asBoolean(), folder.name() + " " + headed);
                  }
                }
              }
            });
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
    assertEquals(Optional.empty(), Guess.of(shapes));
  }

  @Test
  void namesAfterAPrefixAreRecognized() {
    var shapes = new HashMap<String, Shape>();
    try (var file = Weights.open(Path.of("formats/wrapped.pt"))) {
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    }
    assertEquals("TransformerWrapper", Guess.of(shapes).orElseThrow().className());
  }

  @Test
  void otherTensorsAreNotGuessed() {
    assertTrue(Guess.of(Map.of("conv.weight", Shape.of(3, 3))).isEmpty());
  }
}
