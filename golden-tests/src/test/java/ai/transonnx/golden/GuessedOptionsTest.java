package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Guesses of the cases of all releases set or list all options of x-transformers. */
class GuessedOptionsTest {
  /** The options that change no graph, or that only releases without a case have. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "attn_attend_sdp_kwargs",
          "attn_dim_out",
          "attn_onnxable",
          "attn_rotate_num_heads",
          "attn_sparse_topk_straight_through",
          "ff_dim_out",
          "hyper_conn_sinkhorn_iters",
          "input_not_include_cache",
          "looped_inference",
          "use_identity_if_same_dim");

  private static String withoutSide(String key) {
    return key.replaceFirst("^(attn_layers\\.|enc_|dec_)", "");
  }

  private static Set<String> guessed() {
    var guessed = new HashSet<String>();
    for (var path : CaseFolder.below(Path.of("releases"))) {
      var guess = CompletedGuess.of(CaseFolder.read(path)).guess();
      guess.unknown().keySet().forEach(key -> guessed.add(withoutSide(key)));
      guess.config().fieldNames().forEachRemaining(key -> guessed.add(withoutSide(key)));
      guess.config().path("attn_layers").fieldNames().forEachRemaining(guessed::add);
    }
    return guessed;
  }

  @Test
  void everyOptionIsSetOrListedAsUnknown() {
    var left = new TreeSet<String>();
    for (var type : Architectures.configurations(Library.X_TRANSFORMERS).values()) {
      for (var option : ConfigOption.all(type)) {
        var key = withoutSide(option.key()).replaceFirst("^cross_attn_", "attn_");
        if (!option.option().trainingOnly()) {
          left.add(key);
        }
      }
    }
    var guessed = guessed();
    left.removeIf(key -> guessed.contains(key) || WITHOUT_EFFECT.contains(key));
    left.remove("attn_inverted_attention"); // of cross-attention only
    assertEquals(Set.of(), left);
  }
}
