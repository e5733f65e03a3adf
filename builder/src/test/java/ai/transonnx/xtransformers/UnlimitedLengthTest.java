package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.registry.Architectures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code max_seq_len} of 0, which the library accepts unless a table has a row per position. */
class UnlimitedLengthTest {
  private static final String TOKENS =
      "{'class': 'TransformerWrapper', 'num_tokens': 9, 'max_seq_len': N, OPTION 'attn_layers':"
          + " LAYERS}";
  private static final String VECTORS =
      "{'class': 'ContinuousTransformerWrapper', 'max_seq_len': N, OPTION 'attn_layers': LAYERS}";
  private static final String BOTH =
      "{'class': 'XTransformer', 'dim': 16, 'enc_num_tokens': 9, 'enc_max_seq_len': N, 'enc_depth':"
          + " 1, 'dec_num_tokens': 9, 'dec_max_seq_len': N, 'dec_depth': 1 OPTION}";
  private static final String ROTARY =
      "{'class': 'Decoder', 'dim': 16, 'depth': 1, 'rotary_pos_emb': true}";
  private static final String PLAIN = "{'class': 'Decoder', 'dim': 16, 'depth': 1}";

  private static Model build(Library library, String json, int length, GraphRequest request) {
    var text = json.replace("N,", length + ",").replace('\'', '"');
    return Architectures.of(library, text).build(request);
  }

  private static void assertUnlimited(Library library, String json) {
    var main = GraphRequest.main();
    var model = build(library, json, 0, main);
    assertHasNoLimit(model);
    assertEquals(build(library, json, 512, main).graph().nodes(), model.graph().nodes());
    assertHasNoLimit(build(library, json, 0, main.toBuilder().incremental(true).build()));
  }

  private static void assertHasNoLimit(Model model) {
    assertFalse(model.properties().containsKey(MetadataKey.MAX_LENGTH.key()));
  }

  @ParameterizedTest
  @ValueSource(strings = {TOKENS, VECTORS})
  void relativePositionsHaveNoLimit(String json) {
    var layers = json.replace("OPTION", "").replace("LAYERS", ROTARY);
    assertUnlimited(Library.X_TRANSFORMERS, layers);
    assertUnlimited(Library.X_TRANSFORMERS_PADDLE, layers);
  }

  @ParameterizedTest
  @ValueSource(strings = {TOKENS, VECTORS})
  void neitherHaveNoPositionsNorSines(String json) {
    var layers = json.replace("LAYERS", PLAIN);
    assertUnlimited(Library.X_TRANSFORMERS, layers.replace("OPTION", "'use_abs_pos_emb': false,"));
    assertUnlimited(
        Library.X_TRANSFORMERS, layers.replace("OPTION", "'scaled_sinu_pos_emb': true,"));
    assertUnlimited(
        Library.X_TRANSFORMERS_PADDLE, layers.replace("OPTION", "'use_pos_emb': false,"));
  }

  @Test
  void bothSidesOfAnEncoderDecoderModelMayHaveNoLimit() {
    assertUnlimited(
        Library.X_TRANSFORMERS,
        BOTH.replace("OPTION", ", 'enc_rotary_pos_emb': true, 'dec_rel_pos_bias': true"));
  }

  @Test
  void aTableOfPositionsNeedsRows() {
    var tokens = TOKENS.replace("OPTION", "").replace("LAYERS", PLAIN);
    var vectors = VECTORS.replace("OPTION", "").replace("LAYERS", PLAIN);
    for (var library : new Library[] {Library.X_TRANSFORMERS, Library.X_TRANSFORMERS_PADDLE}) {
      assertRefused("max_seq_len", library, tokens);
      assertRefused("max_seq_len", library, vectors);
      assertRefused("enc_max_seq_len", library, BOTH.replace("OPTION", ""));
    }
  }

  private static void assertRefused(String key, Library library, String json) {
    var error =
        assertThrows(ConfigException.class, () -> build(library, json, 0, GraphRequest.main()));
    assertEquals("'" + key + "' is 0; it must be from 1 to 16777216", error.getMessage());
  }
}
