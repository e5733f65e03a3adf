package ai.transonnx.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.flash.FlashConfig;
import ai.transonnx.flash.NormClass;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options other than plain numbers: names, lists, null and nested configurations. */
class ConfigReaderTypesTest {
  record Layers(@Option(value = "layers", defaultValue = "null") Optional<List<Integer>> layers) {}

  private static <T extends Record> T read(String json, Class<T> type)
      throws JsonProcessingException {
    return ConfigReader.read(new ObjectMapper().readTree(json.replace('\'', '"')), type);
  }

  private static FlashConfig flash(String options) throws JsonProcessingException {
    return read("{'class': 'FLASH', 'dim': 16, " + options + "}", FlashConfig.class);
  }

  @Test
  void enumerationsUseThePythonNames() throws Exception {
    assertEquals(NormClass.SCALE_NORM, flash("'norm_klass': 'ScaleNorm'").normKlass());
  }

  @Test
  void nullMeansAbsent() throws Exception {
    assertEquals(Optional.empty(), flash("'rotary_pos_emb': null").rotaryPosEmb());
    assertEquals(Optional.empty(), read("{}", Layers.class).layers());
  }

  @Test
  void theElementsOfAListHaveOneType() throws Exception {
    assertEquals(Optional.of(List.of(3, 4)), read("{'layers': [3, 4]}", Layers.class).layers());
    assertEquals(Optional.of(List.of()), read("{'layers': []}", Layers.class).layers());
    var thrown =
        assertThrows(ConfigException.class, () -> read("{'layers': [1, 'a']}", Layers.class));
    assertEquals(
        "'layers' is [1,\"a\"]; it must be a list whose elements are each a whole number below"
            + " 2^31, or null",
        thrown.getMessage());
  }

  @Test
  void anIntegerOptionAcceptsTheFloatZeroAsTheLibrariesDefaultsDo() throws Exception {
    var layers = "'attn_layers': {'class': 'Decoder', 'dim': 4, 'depth': 1}";
    var wrapper =
        read(
            "{'num_tokens': 2, 'max_seq_len': 2, 'max_mem_len': 0.0, " + layers + "}",
            TransformerWrapperConfig.class);
    assertEquals(0, wrapper.maxMemLen());
  }

  @Test
  void aConfigurationMayBeNestedInAnother() throws Exception {
    var config = flash("'rotary_pos_emb': {'class': 'RotaryEmbedding', 'dim': 32}");
    assertEquals(32, config.rotaryPosEmb().orElseThrow().dim());
  }

  @Test
  void theClassMayBeOmittedIfThereIsOnlyOne() throws Exception {
    var config = flash("'rotary_pos_emb': {'dim': 32}");
    assertEquals(32, config.rotaryPosEmb().orElseThrow().dim());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'norm_klass': 'scalenorm' |"
            + " 'norm_klass' is \"scalenorm\"; it must be one of LayerNorm, ScaleNorm",
        "'rotary_pos_emb': 32 |"
            + " 'rotary_pos_emb' is 32; it must be an object with the class RotaryEmbedding,"
            + " or null",
        "'rotary_pos_emb': {'class': 'Rotary', 'dim': 32} |"
            + " 'rotary_pos_emb.class' is \"Rotary\"; it must be RotaryEmbedding",
        "'rotary_pos_emb': {'class': 'RotaryEmbedding', 'dims': 32} |"
            + " unknown option 'rotary_pos_emb.dims'; did you mean 'rotary_pos_emb.dim'?",
        "'rotary_pos_emb': {'dim': 8, 'theta_rescale_factor': -1} |"
            + " 'rotary_pos_emb.theta_rescale_factor' is -1.0; it must be above 0",
        "'rotary_pos_emb': {'dim': 8, 'cache_max_seq_len': -1} |"
            + " 'rotary_pos_emb.cache_max_seq_len' is -1; it must be from 0 to 2147483647",
        "'group_size': 8.0 | 'group_size' is 8.0; it must be a whole number below 2^31",
        "'dropout': 1.5 | 'dropout' is 1.5; it must be from 0 to 1",
      })
  void invalidOptionsAreRejected(String options, String message) {
    assertEquals(message, assertThrows(ConfigException.class, () -> flash(options)).getMessage());
  }
}
