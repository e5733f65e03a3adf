package ai.transonnx.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.blockrecurrent.BlockRecurrentConfig;
import ai.transonnx.flash.FlashConfig;
import ai.transonnx.flash.NormClass;
import ai.transonnx.flash.RotaryEmbeddingConfig;
import ai.transonnx.internal.config.ConfigReader;
import ai.transonnx.internal.config.Json;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.XTransformerConfig;
import org.junit.jupiter.api.Test;

/** Builders create the same records as JSON. */
class ConfigBuilderTest {
  private static <T extends Record> T read(String json, Class<T> type) {
    return ConfigReader.read(Json.parse(json.replace('\'', '"')), type);
  }

  @Test
  void unsetOptionsGetTheLibrarysDefaults() {
    assertEquals(read("{'dim': 16}", FlashConfig.class), FlashConfig.builder().dim(16).build());
  }

  @Test
  void optionsOfEveryTypeCanBeSet() {
    var flash =
        FlashConfig.builder()
            .dim(16)
            .expansionFactor(1.5)
            .causal(true)
            .normKlass(NormClass.SCALE_NORM)
            .rotaryPosEmb(RotaryEmbeddingConfig.builder().dim(8).build())
            .build();
    assertEquals(
        read(
            "{'dim': 16, 'expansion_factor': 1.5, 'causal': true, 'norm_klass': 'ScaleNorm',"
                + " 'rotary_pos_emb': {'class': 'RotaryEmbedding', 'dim': 8}}",
            FlashConfig.class),
        flash);
    assertEquals(
        read(
            "{'num_tokens': 2, 'dim': 4, 'depth': 4, 'recurrent_layers': [2, 4],"
                + " 'num_state_vectors': 8}",
            BlockRecurrentConfig.class),
        BlockRecurrentConfig.builder()
            .numTokens(2)
            .dim(4)
            .depth(4)
            .recurrentLayers(2, 4)
            .numStateVectors(8)
            .build());
  }

  @Test
  void groupedOptionsAreFlattened() {
    var layers =
        AttentionLayersConfig.decoder()
            .dim(16)
            .depth(2)
            .crossAttend(true)
            .attnDimHead(8)
            .attnSparseTopk(3)
            .ffGlu(true)
            .shiftTokens(1)
            .customLayers("a", "c", "f")
            .build();
    var wrapper =
        TransformerWrapperConfig.builder().numTokens(2).maxSeqLen(4).attnLayers(layers).build();
    assertEquals(
        read(
            "{'num_tokens': 2, 'max_seq_len': 4, 'attn_layers': {'class': 'Decoder', 'dim': 16,"
                + " 'depth': 2, 'cross_attend': true, 'attn_dim_head': 8, 'attn_sparse_topk': 3,"
                + " 'ff_glu': true, 'shift_tokens': 1, 'custom_layers': ['a', 'c', 'f']}}",
            TransformerWrapperConfig.class),
        wrapper);
  }

  @Test
  void valuesThatTheLibraryRejectsAreRejected() {
    var missing = XTransformerConfig.builder().dim(16).encNumTokens(2);
    assertEquals(
        "option 'enc_max_seq_len' is missing",
        assertThrows(ConfigException.class, missing::build).getMessage());
    var wrong = AttentionLayersConfig.encoder().dim(16).depth(1).attnDimHead(0);
    assertEquals(
        "'attn_dim_head' is 0; it must be from 1 to 65536",
        assertThrows(ConfigException.class, wrong::build).getMessage());
  }
}
