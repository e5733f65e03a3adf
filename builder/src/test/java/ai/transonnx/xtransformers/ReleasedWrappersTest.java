package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options and classes that later releases add to the wrappers. */
class ReleasedWrappersTest {
  private static final Release NEWEST = Release.NEWEST;
  private static final GraphRequest MAIN = GraphRequest.main();
  private static final GraphRequest INCREMENTAL = MAIN.toBuilder().incremental(true).build();

  private static AttentionLayersConfig encoder() {
    return AttentionLayersConfig.encoder().dim(8).depth(1).heads(2).attnDimHead(4).build();
  }

  private static AttentionLayersConfig decoder() {
    return AttentionLayersConfig.decoder().dim(8).depth(1).heads(2).attnDimHead(4).build();
  }

  private static TransformerWrapperConfigBuilder tokens(AttentionLayersConfig layers) {
    return TransformerWrapperConfig.builder().numTokens(9).maxSeqLen(12).attnLayers(layers);
  }

  private static Architecture wrapper(TransformerWrapperConfigBuilder config) {
    return new TransformerWrapper(config.build(), NEWEST);
  }

  private static List<String> outputs(Architecture architecture) {
    return architecture.build(MAIN).graph().outputs().stream().map(Value::name).toList();
  }

  private static void assertRefused(
      String reason, Architecture architecture, GraphRequest request) {
    var error = assertThrows(InputException.class, () -> architecture.build(request));
    assertTrue(error.getMessage().contains(reason), error::getMessage);
  }

  @Test
  void aCallWithoutOutputsReturnsAllHeads() {
    assertEquals(
        List.of("logits_0", "logits_1"), outputs(wrapper(tokens(decoder()).numOutputHeads(2))));
  }

  @Test
  void anEncoderWithAttentionPoolingReturnsPooledTokens() {
    assertEquals(List.of("pooled"), outputs(wrapper(tokens(encoder()).attnPool(true))));
  }

  @Test
  void aDecoderWithAttentionPoolingReturnsLogits() {
    assertEquals(List.of("logits"), outputs(wrapper(tokens(decoder()).attnPool(true))));
  }

  @Test
  void aWrapperWithoutLogitsReturnsEmbeddings() {
    assertEquals(List.of("embeddings"), outputs(wrapper(tokens(encoder()).returnOnlyEmbed(true))));
  }

  @Test
  void pooledPositionsCannotBeIncremental() {
    assertRefused(
        "pools the embeddings", wrapper(tokens(decoder()).averagePoolEmbed(true)), INCREMENTAL);
  }

  @Test
  void memoryTokensBetweenTokensCannotBeIncremental() {
    var config = tokens(decoder()).numMemoryTokens(2).memoryTokensInterspersedEvery(3);
    assertRefused("memory_tokens_interspersed_every", wrapper(config), INCREMENTAL);
  }

  @Test
  void paddingBeforeSequencesCannotBeIncremental() {
    var request = INCREMENTAL.toBuilder().inputs("tokens", "seq_start_pos").build();
    assertRefused("seq_start_pos", wrapper(tokens(decoder())), request);
  }

  @Test
  void eachPassHasKeysAndValuesOfItsOwn() {
    var config = tokens(decoder()).recycling(true).recycleSteps(2);
    var states =
        wrapper(config).build(INCREMENTAL).state().stream().map(pair -> pair.input()).toList();
    assertTrue(states.contains("past_keys_0"), states::toString);
    assertTrue(states.contains("past_pass_0_keys_0"), states::toString);
  }

  @Test
  void aPrefixDecoderIsIncrementalWithoutItsPrefix() {
    var layers =
        AttentionLayersConfig.prefixDecoder().dim(8).depth(1).heads(2).attnDimHead(4).build();
    var architecture = wrapper(tokens(layers));
    assertTrue(architecture.isIncremental(MAIN));
    var withPrefix = MAIN.toBuilder().inputs("tokens", "prefix_attn_len").build();
    assertFalse(architecture.isIncremental(withPrefix));
  }

  @Test
  void anExitThatDependsOnDataIsRefused() {
    var config = tokens(decoder());
    assertThrows(ConfigException.class, () -> config.loopedInference(true).build());
  }

  @Test
  void namesOfTablesAreNamesOfInputs() {
    var config = tokens(decoder()).embedNumTokens(Map.of("a:b", 3));
    var error = assertThrows(ConfigException.class, config::build);
    assertTrue(error.getMessage().contains("embed_num_tokens"), error::getMessage);
  }

  @Test
  void aClassIsRefusedBeforeItsFirstRelease() {
    var config =
        XValTransformerWrapperConfig.builder()
            .numTokens(9)
            .maxSeqLen(12)
            .numericalTokenId(3)
            .attnLayers(decoder())
            .build();
    var error =
        assertThrows(
            ConfigException.class, () -> new XValTransformerWrapper(config, Release.of("1.23.2")));
    assertTrue(error.getMessage().contains("1.24.0"), error::getMessage);
  }

  @Test
  void numbersHaveALossOfTheirOwn() {
    var config =
        XValTransformerWrapperConfig.builder()
            .numTokens(9)
            .maxSeqLen(12)
            .numericalTokenId(3)
            .attnLayers(decoder())
            .build();
    var request = MAIN.toBuilder().inputs("tokens", "x_num").outputs("loss").build();
    var model = new XValTransformerWrapper(config, NEWEST).build(request);
    assertEquals("loss", model.graph().outputs().get(0).name());
  }

  @Test
  void aTransformerBlockHasNoFinalNorm() {
    var config =
        AttentionLayersConfig.transformerBlock().dim(8).depth(1).heads(2).attnDimHead(4).build();
    var names =
        new AttentionLayers(config, NEWEST)
            .build(MAIN).graph().parameters().stream().map(parameter -> parameter.name()).toList();
    assertFalse(names.stream().anyMatch(name -> name.startsWith("final_norm")), names::toString);
  }
}
