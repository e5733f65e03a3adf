package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.Parameter;
import ai.transonnx.registry.Architectures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddlePortTest {
  private static Architecture read(String json) {
    return Architectures.of(Library.X_TRANSFORMERS_PADDLE, json.replace('\'', '"'));
  }

  private static String layers(String kind, String options) {
    return "{'class': '%s', 'dim': 16, 'depth': 1%s}".formatted(kind, options);
  }

  private static List<String> weights(String json) {
    return read(json).build(GraphRequest.main()).graph().parameters().stream()
        .map(Parameter::name)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Encoder | 'alibi_pos_bias': true |"
            + " 'alibi_pos_bias' is true; it must be false if attention is not causal",
        "Decoder | 'alibi_pos_bias': true, 'rel_pos_bias': true |"
            + " 'alibi_pos_bias' and 'rel_pos_bias' are both true; set at most one of them",
        "Decoder | 'alibi_pos_bias': true, 'alibi_num_heads': 9 |"
            + " 'alibi_num_heads' is 9; it must be from 1 to 8",
        "Encoder | 'rel_pos_num_buckets': 200 | 'rel_pos_num_buckets' is 200; it must be at most"
            + " 'rel_pos_max_distance', which is 128",
        "Encoder | 'pre_norm': false, 'sandwich_norm': true |"
            + " 'sandwich_norm' is true; it must be false if 'pre_norm' is false",
        "Encoder | 'attn_collab_heads': true, 'attn_num_mem_kv': 2 |"
            + " 'attn_num_mem_kv' is 2; it must be 0 with 'attn_collab_heads', since each head has"
            + " its own memory keys and values",
        "Encoder | 'rotary_pos_emb': true, 'attn_dim_head': 16 | 'attn_dim_head' is 16 and"
            + " 'attn_value_dim_head' is 16; both must be at least 32, the number of rotated"
            + " features",
        "Encoder | 'attn_on_attn': true, 'zero_init_branch_output': true |"
            + " 'zero_init_branch_output' is true; it must be false with 'attn_on_attn', whose"
            + " output is gated",
        "CrossAttender | 'rotary_pos_emb': true |"
            + " 'rotary_pos_emb' is true; it must be false if no layer has self-attention",
        "Encoder | 'attn_dropout': 2 | 'attn_dropout' is 2.0; it must be from 0 to 1",
        "Encoder | 'causal': false |"
            + " 'causal' is false; it cannot be set, since the class Encoder fixes its value",
        "Encoder | 'ff_swish': true | option 'ff_swish' does not exist in release 0.21.1 of the"
            + " library; the releases that have it are those from 0.25.7 on",
        "Encoder | 'use_rezro': true | unknown option 'use_rezro'; did you mean 'use_rezero'?",
        "Encoder | 'use_qk_norm_attn': true, 'qk_norm_attn_seq_len': 1 |"
            + " 'qk_norm_attn_seq_len' is 1; it must be from 2 to 2147483647",
      })
  void optionsThatTheLibraryRejectsAreRejected(String kind, String options, String message) {
    var refused =
        assertThrows(ConfigException.class, () -> read(layers(kind, ", " + options))).getMessage();
    assertTrue(refused.startsWith(message), refused);
  }

  @Test
  void sinusoidalEmbeddingsNeedAnEvenDimension() {
    var refused =
        assertThrows(
            ConfigException.class,
            () ->
                read("{'class': 'Encoder', 'dim': 15, 'depth': 1, 'position_infused_attn': true}"));
    assertEquals("'dim' is 15; with 'position_infused_attn' it must be even", refused.getMessage());
  }

  @Test
  void aDecoderWithMaxAttendPastIsNotIncremental() {
    var decoder = read(layers("Decoder", ", 'attn_max_attend_past': 2"));
    assertFalse(decoder.isIncremental(GraphRequest.main()));
  }

  @Test
  void linearWeightsAreStoredWithTheirInputsFirst() {
    assertTrue(
        weights(layers("Encoder", ", 'attn_on_attn': true"))
            .contains("transpose(layers.0.1.to_out.0.weight)"));
  }

  @Test
  void wrappersOfLayersAreNestedInTheLibrarysOrder() {
    var names =
        weights(layers("Encoder", ", 'use_rezero': true, 'macaron': true, 'shift_tokens': 1"));
    assertTrue(names.contains("layers.0.1.g"), names.toString());
    assertTrue(names.contains("transpose(layers.0.1.fn.fn.fn.net.0.0.weight)"), names.toString());
    assertTrue(names.contains("transpose(layers.1.1.fn.fn.to_out.weight)"), names.toString());
  }

  @Test
  void buildersAndJsonCreateEqualConfigurations() {
    var built =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(24)
                .maxSeqLen(8)
                .attnLayers(
                    AttentionLayersConfig.decoder().dim(16).depth(1).useRezero(true).build())
                .build(),
            Release.PADDLE_PORT);
    assertEquals(
        read(
            "{'class': 'TransformerWrapper', 'num_tokens': 24, 'max_seq_len': 8, 'attn_layers': "
                + layers("Decoder", ", 'use_rezero': true")
                + "}"),
        built);
  }
}
