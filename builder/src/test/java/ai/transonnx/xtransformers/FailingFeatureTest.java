package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.config.ConfigException;
import ai.transonnx.registry.Architectures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases that raise errors with a feature refuse it; the releases after them have it. */
class FailingFeatureTest {
  private static final String LAYERS = "'dim': 8, 'depth': 1, 'heads': 1, 'attn_dim_head': 32";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1.16.20 | 1.16.21 | 'class': 'ContinuousTransformerWrapper', 'max_seq_len': 8,"
            + " 'attn_layers': {'class': 'Encoder', %s} | 'class' is ContinuousTransformerWrapper",
        "1.25.7 | 1.25.8 | 'class': 'TransformerWrapper', 'num_tokens': 4, 'max_seq_len': 8,"
            + " 'max_mem_len': 8, 'attn_layers': {'class': 'Decoder', %s} | 'max_mem_len' is 8",
        "1.27.0 | 1.27.9 | 'class': 'ViTransformerWrapper', 'image_size': 4, 'patch_size': 2,"
            + " 'attn_layers': {'class': 'Encoder', %s} | 'class' is ViTransformerWrapper",
        "1.27.12 | 1.27.14 | 'class': 'Encoder', 'rotary_pos_emb': true, %s |"
            + " 'rotary_pos_emb' is true",
        "2.17.0 | 2.17.1 | 'class': 'Encoder', 'num_residual_streams': 2, 'attn_on_attn': true, %s"
            + " | 'num_residual_streams' is 2",
      })
  void releasesThatRaiseErrorsRefuseTheFeature(
      String failing, String fixed, String options, String given) {
    var json = "{" + options.formatted(LAYERS).replace('\'', '"') + "}";
    var refusal = assertThrows(ConfigException.class, () -> read(failing, json)).getMessage();
    assertEquals(
        "%s; release %s of the library raises an error with it, which %s fixes"
            .formatted(given, failing, fixed),
        refusal);
    assertDoesNotThrow(() -> read(fixed, json));
  }

  @Test
  void releasesThatInvertMasksRefuseFlash() {
    var json = "{'class': 'Encoder', 'attn_flash': true, %s}".formatted(LAYERS).replace('\'', '"');
    var refusal = assertThrows(ConfigException.class, () -> read("1.16.11", json)).getMessage();
    assertEquals(
        "'attn_flash' is true; release 1.16.11 of the library inverts masks with it, which 1.16.12"
            + " fixes",
        refusal);
    assertDoesNotThrow(() -> read("1.16.12", json));
  }

  private static void read(String release, String json) {
    Architectures.of(Release.of(release).library(), json);
  }
}
