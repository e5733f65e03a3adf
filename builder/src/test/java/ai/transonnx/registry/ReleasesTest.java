package ai.transonnx.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.Parameter;
import ai.transonnx.internal.config.Json;
import ai.transonnx.xtransformers.AttentionLayers;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of x-transformers at several releases. */
class ReleasesTest {
  private static final String DECODER = "{'class': 'Decoder', 'dim': 16, 'depth': 1%s}";

  private static String decoder(String options) {
    return DECODER.formatted(options).replace('\'', '"');
  }

  private static String wrapper(String options) {
    return "{'class': 'TransformerWrapper', 'num_tokens': 8, 'max_seq_len': 4, 'attn_layers': %s%s}"
        .formatted(decoder(""), options)
        .replace('\'', '"');
  }

  private static Architecture read(String release, String json) {
    return Architectures.of(Release.of(release), json);
  }

  private static String refusal(String release, String json) {
    return assertThrows(InputException.class, () -> read(release, json)).getMessage();
  }

  private static List<String> weights(String release, String json) {
    return read(release, json).build(GraphRequest.main()).graph().parameters().stream()
        .map(Parameter::name)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0.24.0, token_emb.weight",
    "0.24.1, token_emb.emb.weight",
    "1.15.0, norm.weight",
    "1.15.1, attn_layers.final_norm.weight",
    "1.26.6, to_logits.bias",
    "1.30.0, attn_layers.final_norm.weight",
    "0.29.2, attn_layers.layers.1.1.net.3.weight",
    "0.33.0, attn_layers.layers.1.1.ff.3.weight",
    "1.18.0, attn_layers.layers.1.1.ff.2.weight",
  })
  void weightsHaveTheNamesOfTheRelease(String release, String name) {
    assertTrue(weights(release, wrapper("")).contains(name), name);
  }

  @Test
  void randomOptionsAndPythonObjectsAreRefusedWithTheReason() {
    assertEquals(
        "option 'attn_layers.attn_gumbel_softmax' is not supported: attention weights would be"
            + " random, and no two runs equal",
        refusal(
            "2.26.4",
            wrapper("").replace("\"depth\": 1", "\"depth\": 1, \"attn_gumbel_softmax\": true")));
    assertTrue(
        refusal("2.26.4", decoder(", 'ff_custom_activation': 'gelu'"))
            .startsWith(
                "option 'ff_custom_activation' is not supported: it needs a Python object"));
    assertTrue(refusal("2.26.4", decoder(", 'attn_gumbel': true")).startsWith("unknown option"));
  }

  @Test
  void optionsOfCrossAttentionBeginWithTheirGroup() {
    var layers = ", 'cross_attend': true, 'cross_attn_max_attend_past': 2";
    assertEquals(
        List.of(
            "option 'cross_attn_max_attend_past' has no effect in release 1.9.2, which ignores it"),
        Architectures.notes(
            Library.X_TRANSFORMERS, Optional.of("1.9.2"), Json.parse(decoder(layers))));
    assertEquals(
        List.of(),
        Architectures.notes(
            Library.X_TRANSFORMERS, Optional.of("1.25.2"), Json.parse(decoder(layers))));
  }

  @Test
  void unitOffsetsAreAddedAtExport() {
    assertTrue(weights("1.31.14", decoder("")).contains("final_norm.gamma + 1.0"));
    assertTrue(weights("1.31.0", decoder("")).contains("final_norm.gamma"));
  }

  @Test
  void anOptionOfLaterReleasesIsRefusedWithThem() {
    assertEquals(
        "option 'attn_flash' does not exist in release 1.9.2 of the library; the releases that"
            + " have it are those from 1.12.2 on",
        refusal("1.9.2", decoder(", 'attn_flash': true")));
  }

  @Test
  void anOptionOfEarlierReleasesIsRefusedWithThem() {
    assertEquals(
        "option 'deepnorm' does not exist in release 2.3.1 of the library; the releases that have"
            + " it are those from 0.33.0 to 1.19.1",
        refusal("2.3.1", decoder(", 'deepnorm': true")));
  }

  @Test
  void valuesOfMissingOptionsAreRefusedInJavaAsWell() {
    var config = AttentionLayersConfig.decoder().dim(16).depth(1).attnFlash(true).build();
    assertThrows(ConfigException.class, () -> new AttentionLayers(config));
    assertEquals("Decoder", new AttentionLayers(config, Release.of("1.19.0")).className());
  }

  @Test
  void aRenamedOptionHasTheKeyOfTheRelease() {
    var old = wrapper(", 'use_pos_emb': false");
    assertFalse(weights("0.15.0", old).contains("pos_emb.emb.weight"));
    assertEquals(
        "option 'use_pos_emb' is called 'use_abs_pos_emb' in release 1.9.2 of the library",
        refusal("1.9.2", old));
    assertTrue(read("0.15.0", old).configuration().has("use_pos_emb"));
  }

  @Test
  void layersBefore129IgnoreUnknownOptionsWithANote() {
    var json = decoder(", 'use_abs_pos_emb': false");
    assertEquals("Decoder", read("1.26.6", json).className());
    assertEquals(
        List.of("option 'use_abs_pos_emb' has no effect in release 1.26.6, which ignores it"),
        Architectures.notes(Library.X_TRANSFORMERS, Optional.of("1.26.6"), Json.parse(json)));
    assertTrue(refusal("1.29.0", json).startsWith("unknown option 'use_abs_pos_emb'"));
  }

  @Test
  void misspeltOptionsOfLayersAreNotIgnored() {
    assertEquals(
        "unknown option 'sandwich_nrom'; did you mean 'sandwich_norm'?",
        refusal("1.26.6", decoder(", 'sandwich_nrom': true")));
  }

  @Test
  void crossAttentionHasTheOptionsOfAttentionUnlessTheyAreSet() {
    var json = decoder(", 'cross_attend': true, 'attn_dim_head': 8, 'cross_attn_dim_head': 4");
    var config = ((AttentionLayers) read("2.3.1", json)).config();
    assertEquals(8, config.options().attention().dimHead());
    assertEquals(4, config.options().crossAttention().dimHead());
    var alike = ((AttentionLayers) read("2.3.1", decoder(", 'attn_dim_head': 8"))).config();
    assertEquals(8, alike.options().crossAttention().dimHead());
  }

  @Test
  void writtenConfigurationsHaveTheOptionsOfTheRelease() {
    assertFalse(read("1.9.2", decoder("")).configuration().has("attn_flash"));
    var newer = read("2.3.1", decoder(", 'cross_attn_dim_head': 4"));
    assertEquals(newer, Architectures.of(newer.library(), newer.configuration()));
  }

  @Test
  void anUnknownReleaseIsNoted() {
    assertEquals(
        List.of("release 9.0.0 is not known; it is treated like 2.26.4, the newest known release"),
        Architectures.notes(Library.X_TRANSFORMERS, Optional.of("9.0.0"), Json.parse(decoder(""))));
  }
}
