package ai.transonnx.flash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlashTransformerTest {
  private static final GraphRequest MAIN = GraphRequest.main();

  private static FlashTransformerConfigBuilder small() {
    return FlashTransformerConfig.builder()
        .numTokens(24)
        .dim(16)
        .depth(2)
        .groupSize(8)
        .queryKeyDim(12);
  }

  private static FlashTransformer causal() {
    return new FlashTransformer(small().causal(true).build());
  }

  private static FlashTransformer bidirectional() {
    return new FlashTransformer(small().build());
  }

  private static List<String> texts(List<Value> values) {
    return values.stream().map(Value::toString).toList();
  }

  @Test
  void theMainGraphMapsTokensToLogits() {
    var graph = causal().build(MAIN).graph();
    assertEquals(List.of("tokens: int64 [batch, length]"), texts(graph.inputs()));
    assertEquals(List.of("logits: float32 [batch, length, 24]"), texts(graph.outputs()));
  }

  @Test
  void aRotationOfTwoFeaturesIsRejected() {
    var e = assertThrows(ConfigException.class, () -> small().queryKeyDim(2).build());
    assertEquals(
        "'query_key_dim' is 2; it must be 1 or more than 2, since the exponent of the rotation's"
            + " theta is dim / (dim - 2)",
        e.getMessage());
  }

  @Test
  void theMaskIsAnOptionalInput() {
    var graph = bidirectional().build(MAIN.toBuilder().inputs("tokens", "mask").build()).graph();
    assertEquals("mask: bool [batch, length]", graph.inputs().get(1).toString());
  }

  @Test
  void parametersHaveTheLibrarysNames() {
    var names = causal().build(MAIN).graph().parameters().stream().map(Parameter::name).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "token_emb.weight",
                "abs_pos_emb.inv_freq",
                "layers.0.norm.g * 4.0",
                "layers.0.rotary_pos_emb.freqs",
                "stack(layers.1.to_hidden.0.weight, layers.1.to_qk.0.weight)",
                "layers.1.to_out.bias",
                "transpose(to_logits.1.weight)")));
  }

  @Test
  void eachLayerKeepsThePartialGroupAndASum() {
    var state = causal().build(MAIN.toBuilder().incremental(true).build()).state();
    assertEquals(
        List.of(
            "past_position [batch] [batch]",
            "past_shift_0 [batch, 1, 8] [batch, 1, 8]",
            "past_keys_0 [batch, slots, 12] [batch, 8, 12]",
            "past_linear_keys_0 [batch, slots, 12] [batch, 8, 12]",
            "past_memory_0 [batch, slots + 12, 32] [batch, 20, 32]"),
        state.stream()
            .limit(5)
            .map(pair -> "%s %s %s".formatted(pair.input(), pair.shape(), pair.first()))
            .toList());
  }

  @Test
  void theGraphDoesNotGrowWithTheGroupOrTheLength() {
    var nodes = causal().build(MAIN).graph().nodes();
    assertTrue(nodes.stream().map(Node::operator).noneMatch(List.of("Loop", "Scan")::contains));
    var other = new FlashTransformer(small().causal(true).groupSize(256).build());
    assertEquals(nodes.size(), other.build(MAIN).graph().nodes().size());
  }

  @Test
  void everyOpsetIsSupported() {
    for (int opset = 17; opset <= 23; opset++) {
      assertEquals(
          opset,
          causal()
              .build(MAIN.toBuilder().emit(EmitOptions.STANDARD.withOpset(opset)).build())
              .opset());
      assertEquals(
          opset,
          causal()
              .build(
                  MAIN.toBuilder()
                      .emit(EmitOptions.STANDARD.withOpset(opset))
                      .incremental(true)
                      .build())
              .opset());
    }
  }

  @Test
  void sizesCanBeFixed() {
    var graph = causal().build(MAIN.toBuilder().batch(1).length(300).build()).graph();
    assertEquals("[1, 300, 24]", graph.outputs().get(0).shape().toString());
    assertEquals(
        "[1, 7, 24]",
        causal()
            .build(MAIN.toBuilder().batch(1).length(7).incremental(true).build())
            .graph()
            .outputs()
            .stream()
            .filter(output -> output.name().equals("logits"))
            .findAny()
            .orElseThrow()
            .shape()
            .toString());
  }

  @Test
  void graphsThatUseLaterPositionsCannotBeIncremental() {
    assertFalse(bidirectional().isIncremental(MAIN));
    var request = MAIN.toBuilder().incremental(true).build();
    assertThrows(InputException.class, () -> bidirectional().build(request));
    var loss = request.toBuilder().outputs("loss").build();
    assertThrows(InputException.class, () -> causal().build(loss));
    var gau = new Gau(GauConfig.builder().dim(16).causal(true).build());
    assertThrows(InputException.class, () -> gau.build(request));
  }

  @Test
  void logitsAndLossCanBeCombined() {
    var request = MAIN.toBuilder().outputs("logits", "loss").build();
    assertEquals(2, bidirectional().build(request).graph().outputs().size());
  }

  @Test
  void thePositionBiasMayDifferPerSequence() {
    var gau = new Gau(GauConfig.builder().dim(16).build());
    var inputs =
        gau.build(MAIN.toBuilder().inputs("x", "rel_pos_bias:bij").build())
            .graph()
            .inputs()
            .toString();
    assertTrue(inputs.contains("rel_pos_bias: float32 [batch, length, length]"), inputs);
  }

  @Test
  void invalidDimensionsAreRejected() {
    var odd = small().dim(15);
    assertThrows(ConfigException.class, odd::build);
    var empty = small().expansionFactor(0.01);
    assertThrows(ConfigException.class, empty::build);
    var wide =
        FlashConfig.builder()
            .dim(16)
            .queryKeyDim(12)
            .rotaryPosEmb(RotaryEmbeddingConfig.builder().dim(16).build());
    var thrown = assertThrows(ConfigException.class, wide::build);
    assertEquals(
        "'rotary_pos_emb' rotates 16 features, but 'query_key_dim' is 12", thrown.getMessage());
  }
}
