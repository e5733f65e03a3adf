package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.BranchWrapper;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.ShiftedFeatures;
import ai.transonnx.registry.Architectures;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationsTest {
  private static Architecture read(String json) {
    return Architectures.of(Library.X_TRANSFORMERS, json.replace('\'', '"'));
  }

  private static AttentionLayersConfig layers(String options) {
    var json = "{'class': 'Decoder', 'dim': 16, 'depth': 2" + options + "}";
    return ((AttentionLayers) read(json)).config();
  }

  private static String order(String options) {
    return layers(options).layers().stream()
        .map(kind -> kind == LayerKind.ATTENTION ? "a" : kind == LayerKind.FEED_FORWARD ? "f" : "c")
        .collect(Collectors.joining());
  }

  private static String refusal(String json) {
    return assertThrows(ConfigException.class, () -> read(json)).getMessage();
  }

  @Test
  void unsetOptionsGetTheLibrarysDefaults() {
    var config = layers("");
    assertEquals(8, config.options().heads());
    assertEquals(64, config.options().attention().dimHead());
    assertEquals(64, config.plan(Profile.of(Release.DEFAULT)).feedForward().first().hidden());
    assertEquals(List.of(0), config.options().layout().shiftTokens());
    assertFalse(config.encodesPositions(Profile.of(Release.DEFAULT)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      value = {
        "`` | afaf",
        "`, 'macaron': true` | faffaf",
        "`, 'cross_attend': true` | acfacf",
        "`, 'cross_attend': true, 'only_cross': true` | cfcf",
        "`, 'sandwich_coef': 1` | aaff",
        "`, 'custom_layers': ['a', 'f', 'f']` | aff",
        "`, 'par_ratio': 2` | aaff",
      })
  void layersHaveTheLibrarysOrder(String options, String order) {
    assertEquals(order, order(options));
  }

  @Test
  void deepnormNormalizesTheSum() {
    assertFalse(layers(", 'deepnorm': true").options().norms().preNorm());
    var both = layers(", 'deepnorm': true, 'pre_norm': false, 'sandwich_norm': true");
    assertFalse(both.options().norms().sandwichNorm());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'attn_dim_heads': 8 | unknown option 'attn_dim_heads'; did you mean 'attn_dim_head'?",
        "'causal': true | 'causal' is true; it cannot be set, since the class Decoder fixes"
            + " its value",
        "'attn_dim_head': 0 | 'attn_dim_head' is 0; it must be from 1 to 65536",
        "'attn_sparse_topk': 1.5 |"
            + " 'attn_sparse_topk' is 1.5; it must be a whole number below 2^31, or null",
        "'heads': 2.0 | 'heads' is 2.0; it must be a whole number below 2^31",
        "'attn_dropout': 1.5 | 'attn_dropout' is 1.5; it must be from 0 to 1",
        "'ff_dropout': -1 | 'ff_dropout' is -1.0; it must be from 0 to 1",
        "'layer_dropout': [] | 'layer_dropout' is empty; it must be a number or a list of one"
            + " number per layer",
        "'attn_on_attn': true, 'zero_init_branch_output': true | 'zero_init_branch_output' is true;"
            + " it must be false with 'attn_on_attn', whose output is gated",
        "'attn_on_attn': true, 'attn_zero_init_output': true |"
            + " 'attn_zero_init_output' is true; it must be false with 'attn_on_attn', whose output"
            + " is gated",
        "'cross_attend': true, 'only_cross': true, 'rotary_xpos': true |"
            + " 'rotary_xpos' is true; it must be false if no layer has self-attention",
        "'shift_tokens': 'a' |"
            + " 'shift_tokens' is \"a\"; it must be a list whose elements are each a whole number"
            + " below 2^31, or a single value for all",
        "'custom_layers': ['a', 'b'] | 'custom_layers' is [a, b]; it must be a list of a, c and f",
        "'sandwich_coef': 3 | 'sandwich_coef' is 3; it must be from 1 to 2",
        "'pre_norm': false, 'sandwich_norm': true |"
            + " 'sandwich_norm' is true; it must be false if 'pre_norm' is false",
        "'alibi_pos_bias': true, 'rel_pos_bias': true |"
            + " 'alibi_pos_bias' and 'rel_pos_bias' are both true; set at most one of them",
        "'alibi_pos_bias': true, 'alibi_num_heads': 9 |"
            + " 'alibi_num_heads' is 9; it must be from 1 to 8",
        "'rotary_pos_emb': true, 'attn_dim_head': 16 | 'attn_dim_head' is 16 and"
            + " 'attn_value_dim_head' is 16; both must be at least 32, the number of rotated"
            + " features",
        "'attn_qk_norm': true, 'attn_qk_norm_groups': 3 |"
            + " 'attn_qk_norm_groups' is 3; 'attn_dim_head', which is 64, must be divisible by it",
        "'deepnorm': true, 'scale_residual_constant': 2 |"
            + " 'scale_residual_constant' is 2.0; it must be 1 with 'deepnorm', which sets it",
      })
  void invalidOptionsAreRejected(String options, String message) {
    assertEquals(message, refusal("{'class': 'Decoder', 'dim': 16, 'depth': 2, " + options + "}"));
  }

  @Test
  void tooManyLayersAreRejected() {
    assertEquals(
        "'depth' is 1001; it must be from 0 to 1000",
        refusal("{'class': 'Decoder', 'dim': 16, 'depth': 1001}"));
    String layers = String.join(",", Collections.nCopies(4001, "'a'"));
    assertEquals(
        "'custom_layers' has 4001 layers; at most 4000 are allowed",
        refusal("{'class': 'Decoder', 'dim': 16, 'depth': 1, 'custom_layers': [" + layers + "]}"));
  }

  /** Each layer's cache is enlarged in a branch of the same condition. */
  @Test
  void theTimeToBuildGrowsWithTheDepth() {
    buildNanos(125);
    long one = buildNanos(125);
    long many = buildNanos(1000);
    assertTrue(many < 8 * 4 * one + 2_000_000_000L, one + " ns, then " + many + " ns");
  }

  private static long buildNanos(int depth) {
    var architecture =
        read("{'class': 'Decoder', 'dim': 16, 'heads': 1, 'depth': %s}".formatted(depth));
    long start = System.nanoTime();
    architecture.build(GraphRequest.builder().incremental(true).build());
    return System.nanoTime() - start;
  }

  @Test
  void deepnormNeedsAPositiveDepth() {
    assertEquals(
        "'depth' is 0; it must be from 1 to 1000",
        refusal("{'class': 'Decoder', 'dim': 16, 'depth': 0, 'deepnorm': true}"));
  }

  @Test
  void noLayerIsBuiltAfterTheLastShift() {
    var plan =
        layers(", 'shift_tokens': [1, 0, 2], 'pre_norm': false").plan(Profile.of(Release.DEFAULT));
    assertEquals(
        List.of(
            List.of(new BranchWrapper.TokenShift(new ShiftedFeatures(0, 1))),
            List.of(),
            List.of(new BranchWrapper.TokenShift(new ShiftedFeatures(0, 2)))),
        plan.layers().stream().map(LayerPlan::wrappers).toList());
    assertNotNull(plan.layers().get(2).norms().sum(), "the library counts the omitted layers");
    assertEquals(
        4,
        layers(", 'shift_tokens': [1, 0, 2, 0, 9, 9]")
            .plan(Profile.of(Release.DEFAULT))
            .layers()
            .size());
  }

  @Test
  void noLayerIsExecutedAfterTheLastDropout() {
    var architecture =
        read("{'class': 'Decoder', 'dim': 16, 'depth': 2, 'layer_dropout': [0.1, 0.1, 0.1]}");
    assertEquals(
        3,
        ((AttentionLayers) architecture)
            .config()
            .plan(Profile.of(Release.DEFAULT))
            .layers()
            .size());
    assertEquals(Set.of("layers.3.*"), architecture.unusedWeights(GraphRequest.main()));
    assertEquals(
        4, layers(", 'layer_dropout': 0.1").plan(Profile.of(Release.DEFAULT)).layers().size());
  }

  @Test
  void layersNeedAClass() {
    assertEquals(
        "option 'attn_layers.class' is missing",
        refusal(
            "{'class': 'TransformerWrapper', 'num_tokens': 2, 'max_seq_len': 2, 'attn_layers':"
                + " {'dim': 4, 'depth': 1}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'depht': 1 | unknown option 'attn_layers.depht'; did you mean 'attn_layers.depth'?",
        "'depth': 'two' | 'attn_layers.depth' is \"two\"; it must be a whole number below 2^31, or"
            + " null",
        "'depth': 1, 'heads': 0 | 'attn_layers.heads' is 0; it must be from 1 to 4096",
      })
  void messagesNameTheParentOfAnOption(String options, String message) {
    assertEquals(
        message,
        refusal(
            ("{'class': 'TransformerWrapper', 'num_tokens': 2, 'max_seq_len': 2, 'attn_layers':"
                    + " {'class': 'Decoder', 'dim': 4, %s}}")
                .formatted(options)));
  }

  @Test
  void maskProbDoesNotChangeTheGraph() {
    var wrapper =
        "{'class': 'TransformerWrapper', 'num_tokens': 2, 'max_seq_len': 2, %s 'attn_layers':"
            + " {'class': 'Decoder', 'dim': 4, 'depth': 1}}";
    assertEquals(
        read(wrapper.formatted("")).build(GraphRequest.main()).graph().nodes(),
        read(wrapper.formatted("'mask_prob': 0.15,")).build(GraphRequest.main()).graph().nodes());
    assertEquals(
        "'mask_prob' is 1.0; it must be below 1", refusal(wrapper.formatted("'mask_prob': 1,")));
  }

  @Test
  void imageModelsNeedAnEncoder() {
    assertEquals(
        "'attn_layers' is a Decoder; it must be an Encoder",
        refusal(
            "{'class': 'ViTransformerWrapper', 'image_size': 8, 'patch_size': 4, 'attn_layers':"
                + " {'class': 'Decoder', 'dim': 4, 'depth': 1}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'dec_heds': 1 | unknown option 'dec_heds'; did you mean 'dec_heads'?",
        "'enc_dim': 16 | option 'enc_dim' cannot be set: the class fixes its value",
        "'dec_heads': 0 | 'dec_heads' is 0; it must be from 1 to 4096",
        "'enc_attn_dim_head': 0 | 'enc_attn_dim_head' is 0; it must be from 1 to 65536",
        "'dec_sandwich_coef': 3 | 'dec_sandwich_coef' is 3; it must be from 1 to 1",
        "'enc_rotary_xpos': true |"
            + " 'enc_rotary_xpos' is true; it must be false if attention is not causal",
      })
  void theMessageNamesTheSideOfAnEncoderDecoderModel(String option, String message) {
    assertEquals(
        message,
        refusal(
            "{'class': 'XTransformer', 'dim': 16, 'enc_num_tokens': 2, 'enc_max_seq_len': 2,"
                + " 'enc_depth': 1, 'dec_num_tokens': 2, 'dec_max_seq_len': 2, 'dec_depth': 1, "
                + option
                + "}"));
  }
}
