package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.config.ConfigException;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Value;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.SkipConnection;
import ai.transonnx.registry.Architectures;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of layer stacks that later releases have. */
class LayerStackOptionsTest {
  private static final Release NEWEST = Release.of("2.26.4");

  private static Architecture read(Release release, String json) {
    return Architectures.of(release, json.replace('\'', '"'));
  }

  private static AttentionLayers decoder(Release release, String options) {
    var json = "{'class': 'Decoder', 'dim': 16, 'heads': 2, 'attn_dim_head': 8%s}";
    return (AttentionLayers) read(release, json.formatted(options));
  }

  private static List<LayerPlan> plan(String options) {
    return decoder(NEWEST, options).config().plan(Profile.of(NEWEST)).layers();
  }

  private static List<String> names(List<Value> values) {
    return values.stream().map(Value::toString).toList();
  }

  private static GraphRequest request(String... inputs) {
    return GraphRequest.main().toBuilder().inputs(Arrays.asList(inputs)).build();
  }

  private static GraphRequest incremental(String... inputs) {
    return request(inputs).toBuilder().incremental(true).build();
  }

  private static String message(String options) {
    return assertThrows(ConfigException.class, () -> decoder(NEWEST, options)).getMessage();
  }

  @Test
  void scalesThatScoresDependOnAreNotKept() {
    for (var options :
        List.of(
            ", 'attn_num_mem_kv': 1", ", 'attn_l2_distance': true", ", 'attn_use_cope': true")) {
      var layers = decoder(NEWEST, ", 'depth': 1, 'rotary_xpos': true" + options);
      var refusal = assertThrows(InputException.class, () -> layers.build(incremental("x")));
      assertTrue(refusal.getMessage().contains("each new position changes all earlier ones"));
    }
    decoder(NEWEST, ", 'depth': 1, 'rotary_xpos': true").build(incremental("x"));
  }

  @Test
  void outputsOfAttentionHaveTheFeaturesOfTheLayers() {
    assertEquals(
        "'attn_dim_out' is 8; it must be equal to 'dim', which is 16",
        message(", 'depth': 1, 'attn_dim_out': 8"));
    assertTrue(
        message(", 'depth': 1, 'attn_project_out': false, 'attn_value_dim_head': 4")
            .contains("without an output projection"));
  }

  @Test
  void aConditionHasAVectorForEachSequenceOrEachPosition() {
    var layers = decoder(NEWEST, ", 'depth': 1, 'use_adaptive_rmsnorm': true, 'dim_condition': 6");
    assertEquals(
        List.of("x: float32 [batch, length, 16]", "condition: float32 [batch, 6]"),
        names(layers.build(GraphRequest.main()).graph().inputs()));
    assertEquals(
        List.of("x: float32 [batch, length, 16]", "condition: float32 [batch, length, 6]"),
        names(layers.build(request("x", "condition:3d")).graph().inputs()));
  }

  @Test
  void anIncrementalGraphKeepsTheConditionOfASequence() {
    var layers = decoder(NEWEST, ", 'depth': 1, 'use_adaptive_rmsnorm': true");
    var model = layers.build(incremental("x", "condition"));
    assertTrue(
        names(model.graph().inputs()).contains("condition: float32 [batch, condition_features]"));
    assertTrue(
        model.state().stream().map(StateTensor::input).toList().contains("past_kept_condition"));
    assertFalse(
        layers.build(incremental("x", "condition:3d")).state().stream()
            .anyMatch(state -> state.input().equals("past_kept_condition")));
  }

  @Test
  void vectorsOfPositionsDoNotCoverMemories() {
    var layers = decoder(NEWEST, ", 'depth': 1, 'use_adaptive_layernorm': true");
    var wanted = request("x", "condition:3d", "mem_0");
    assertTrue(
        assertThrows(InputException.class, () -> layers.build(wanted))
            .getMessage()
            .contains("memories cannot be combined with input 'condition:3d'"));
  }

  @Test
  void wrappersThatPassNoConditionRefuseLayersThatNeedOne() {
    var image =
        "{'class': 'ViTransformerWrapper', 'image_size': 8, 'patch_size': 4, 'attn_layers':"
            + " {'class': 'Encoder', 'dim': 16, 'depth': 1, 'use_adaptive_layerscale': true}}";
    assertEquals(
        "'use_adaptive_layerscale' is true, but class ViTransformerWrapper does not pass a"
            + " condition to its layers",
        assertThrows(ConfigException.class, () -> read(NEWEST, image)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'depth': 1, 'use_rmsnorm': true, 'use_derf': true | both true",
        "'depth': 1, 'pre_norm': false, 'use_dynamic_tanh': true | 'pre_norm' must be true",
        "'depth': 2, 'layers_execute_order': [0, 4] | 'layers_execute_order' is 4",
        "'depth': 2, 'weight_tie_layers': true, 'layers_execute_order': [0] | cannot be set with",
        "'depth': 1, 'unet_skips': true | fewer skip connections",
        "'depth': 3, 'custom_layers': ['a'], 'layers_execute_order': [0] | must be left out",
        "'depth': 1, 'qkv_receive_diff_residuals': true | needs 'num_residual_streams'",
        "'depth': 1, 'num_residual_streams': 2, 'gate_residual': true | cannot be combined",
        "'depth': 1, 'integrate_layers': true, 'weight_tie_layers': true | cannot be combined",
        "'depth': 1, 'ff_solu': true, 'ff_relu_squared': true | both true",
        "'depth': 1, 'ff_softclamp_value': 0 | above 0",
        "'depth': 1, 'attn_aggregated_residuals': true, 'orthog_residual': true | cannot be"
            + " combined",
        "'heads': 2 | option 'depth' is missing"
      })
  void optionsThatTheLibraryRefusesTogetherAreRefused(String options, String part) {
    var given = options.startsWith("'heads'") ? "" : ", " + options.replace(';', ',');
    assertTrue(message(given).contains(part), () -> message(given));
  }

  @Test
  void depthCanBeLeftOutFromRelease1Point29On() {
    var options = ", 'custom_layers': ['a', 'f', 'f']";
    assertEquals(3, plan(options).size());
    var earlier = Release.of("1.28.5");
    assertTrue(
        assertThrows(ConfigException.class, () -> decoder(earlier, options))
            .getMessage()
            .contains("can be left out from release 1.29.0 on"));
  }

  @Test
  void tiedLayersHaveTheWeightsOfOneBlock() {
    var layers = decoder(NEWEST, ", 'depth': 3, 'weight_tie_layers': true");
    assertEquals(
        List.of(0, 1, 0, 1, 0, 1),
        layers.config().plan(Profile.of(NEWEST)).layers().stream().map(LayerPlan::module).toList());
    var names =
        layers.build(GraphRequest.main()).graph().parameters().stream().map(Parameter::name);
    assertFalse(names.anyMatch(name -> name.contains("layers.2")));
  }

  @Test
  void layersThatAreNotRunHaveUnusedWeights() {
    var layers = decoder(NEWEST, ", 'depth': 2, 'layers_execute_order': [0, 3, 0]");
    var unused = layers.unusedWeights(GraphRequest.main());
    assertTrue(unused.containsAll(Set.of("layers.1.*", "layers.2.*")));
    assertFalse(unused.contains("layers.3.*"));
  }

  @Test
  void theSecondHalfOfTheBlocksGetsTheInputsOfTheFirst() {
    var sources =
        plan(", 'depth': 4, 'unet_skips': true").stream()
            .flatMap(layer -> Stream.ofNullable(layer.skip()))
            .toList();
    assertEquals(List.of(new SkipConnection(16, 4, 2), new SkipConnection(16, 6, 0)), sources);
  }

  @ParameterizedTest
  @CsvSource({"orthog_residual", "mv_split_residual"})
  void residualsOfWholeSequencesAreNotIncremental(String option) {
    var layers = decoder(NEWEST, ", 'depth': 1, '%s': true".formatted(option));
    assertFalse(layers.isIncremental(GraphRequest.main()));
    assertTrue(
        assertThrows(InputException.class, () -> layers.build(incremental("x")))
            .getMessage()
            .contains("each new position changes all earlier ones"));
  }

  @Test
  void severalResidualStreamsHaveNoMemories() {
    var layers = decoder(NEWEST, ", 'depth': 1, 'num_residual_streams': 2");
    assertTrue(
        assertThrows(InputException.class, () -> layers.build(request("x", "mem_0")))
            .getMessage()
            .startsWith("unknown input 'mem_0'"));
  }
}
