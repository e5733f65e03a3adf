package ai.transonnx.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.config.ConfigException;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private static TokenShiftGptConfig read(String options) throws JsonProcessingException {
    var json =
        "{'class': 'TokenShiftGPT', 'num_tokens': 24, 'dim': 16, 'max_seq_len': 32, 'depth': 2"
            + (options.isEmpty() ? "" : ", " + options)
            + "}";
    var tree = new ObjectMapper().readTree(json.replace('\'', '"'));
    return ConfigReader.read(tree, TokenShiftGptConfig.class);
  }

  @Test
  void missingOptionsGetTheLibrarysDefaults() throws Exception {
    var expected =
        TokenShiftGptConfig.builder().numTokens(24).dim(16).maxSeqLen(32).depth(2).build();
    assertEquals(expected, read(""));
  }

  @Test
  void anAliasSetsTheSameOption() throws Exception {
    assertEquals(0.5, read("'discounted_gamma': 0.5").discountGamma());
    assertEquals(0.5, read("'discount_gamma': 0.5").discountGamma());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'ff_mul': 4 | unknown option 'ff_mul'; did you mean 'ff_mult'?",
        "'ff\\nmult': 4 | unknown option 'ff?mult'; did you mean 'ff_mult'?",
        "'heads': 4 | unknown option 'heads'; the options are depth, dim, discount_gamma,"
            + " discounted_gamma, ff_mult, max_seq_len, num_tokens, use_discounted_cumsum",
        "'ff_mult': '4' | 'ff_mult' is \"4\"; it must be a whole number below 2^31",
        "'ff_mult': 4.5 | 'ff_mult' is 4.5; it must be a whole number below 2^31",
        "'ff_mult': 0 | 'ff_mult' is 0; it must be from 1 to 1048576",
        "'ff_mult': null | 'ff_mult' is null; it must be a whole number below 2^31",
        "'ff_mult': 99999999999 | 'ff_mult' is 99999999999; it must be a whole number below 2^31",
        "'use_discounted_cumsum': 1 | 'use_discounted_cumsum' is 1; it must be true or false",
        "'discount_gamma': [] | 'discount_gamma' is []; it must be a number",
        "'discount_gamma': 1e999 | 'discount_gamma' is Infinity; it must be a finite number",
        "'discount_gamma': 1, 'discounted_gamma': 1 |"
            + " options 'discount_gamma' and 'discounted_gamma' are aliases; set only one of them",
      })
  void invalidOptionsAreRejected(String options, String message) {
    assertEquals(message, assertThrows(ConfigException.class, () -> read(options)).getMessage());
  }

  @Test
  void aWrittenConfigurationIsReadBackUnchanged() throws Exception {
    var config = read("'ff_mult': 8, 'discount_gamma': 0.5, 'use_discounted_cumsum': true");
    var json = ConfigWriter.write("TokenShiftGPT", config);
    assertEquals("TokenShiftGPT", json.path(ConfigReader.CLASS).asText());
    assertEquals(config, ConfigReader.read(json, TokenShiftGptConfig.class));
  }

  @Test
  void theMessageNamesAMissingOption() {
    var json = new ObjectMapper().createObjectNode().put("num_tokens", 24).put("dim", 16);
    var thrown =
        assertThrows(
            ConfigException.class, () -> ConfigReader.read(json, TokenShiftGptConfig.class));
    assertEquals("option 'max_seq_len' is missing", thrown.getMessage());
  }
}
