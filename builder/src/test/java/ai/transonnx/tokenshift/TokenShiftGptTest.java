package ai.transonnx.tokenshift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.config.ConfigException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Function;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenShiftGptTest {
  private static final GraphRequest MAIN = GraphRequest.main();

  private static TokenShiftGptConfigBuilder small() {
    return TokenShiftGptConfig.builder().numTokens(24).dim(16).maxSeqLen(32).depth(2);
  }

  private static TokenShiftGpt discounted() {
    return new TokenShiftGpt(small().useDiscountedCumsum(true).build());
  }

  private static TokenShiftGpt segmentMeans() {
    return new TokenShiftGpt(small().build());
  }

  private static List<String> names(List<Value> values) {
    return values.stream().map(Value::toString).toList();
  }

  @Test
  void theMainGraphMapsTokensToLogits() {
    var graph = segmentMeans().build(MAIN).graph();
    assertEquals(List.of("tokens: int64 [batch, length]"), names(graph.inputs()));
    assertEquals(List.of("logits: float32 [batch, length, 24]"), names(graph.outputs()));
  }

  @Test
  void parametersHaveTheLibrarysNames() {
    var names =
        discounted().build(MAIN).graph().parameters().stream().map(Parameter::name).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "token_emb.weight",
                "pos_emb.weight",
                "net.0.fn.norm.weight",
                "net.1.fn.gate_norm.bias",
                "net.1.fn.to_gate.weight",
                "net.0.fn.project_out.bias",
                "net.2.weight",
                "net.3.bias")));
  }

  @Test
  void theDiscountedModeKeepsOneStateVectorPerLayer() {
    var state = discounted().build(MAIN.toBuilder().incremental(true).build()).state();
    var first = state.stream().map(pair -> pair.input() + " " + pair.first()).toList();
    assertEquals(
        List.of("past_position [batch]", "past_sum_0 [batch, 1, 32]", "past_sum_1 [batch, 1, 32]"),
        first);
  }

  @Test
  void segmentMeansKeepTwiceTheRowsOfEachShift() {
    var state = segmentMeans().build(MAIN.toBuilder().incremental(true).build()).state();
    // Five chunks of 7 of the 32 features, of which four are shifted: 2 + 4 + 8 + 16 rows.
    assertEquals("[batch, 30, 7]", state.get(1).first().toString());
  }

  @Test
  void eachModeUsesItsFunctions() {
    assertEquals(List.of("ShiftedSegmentMeans"), functions(segmentMeans()));
    assertEquals(List.of("DiscountedCumulativeSum", "TokenShift"), functions(discounted()));
  }

  private static List<String> functions(TokenShiftGpt gpt) {
    return gpt.build(MAIN).functions().stream().map(Function::name).toList();
  }

  @Test
  void sizesCanBeFixed() {
    var graph = segmentMeans().build(MAIN.toBuilder().batch(1).length(8).build()).graph();
    assertEquals("[1, 8, 24]", graph.outputs().get(0).shape().toString());
  }

  @Test
  void aFixedLengthAboveMaxSeqLenIsRejected() {
    var longer = MAIN.toBuilder().length(33).build();
    for (var request : List.of(longer, longer.toBuilder().incremental(true).build())) {
      var thrown = assertThrows(InputException.class, () -> discounted().build(request));
      assertEquals(
          "length 33 exceeds max_seq_len: a call has at most 32 positions", thrown.getMessage());
    }
    discounted().build(longer.toBuilder().outputs("loss").build());
  }

  @Test
  void outputsAreInTheRequestedOrder() {
    var request = MAIN.toBuilder().outputs("loss", "logits").build();
    var outputs = segmentMeans().build(request).graph().outputs();
    assertEquals(List.of("loss", "logits"), outputs.stream().map(Value::name).toList());
  }

  @Test
  void geluIsUsedFromOpset20() {
    for (int opset = 17; opset <= 23; opset++) {
      var request = MAIN.toBuilder().emit(EmitOptions.STANDARD.withOpset(opset)).build();
      for (var model : List.of(segmentMeans().build(request), discounted().build(request))) {
        var operators = model.graph().nodes().stream().map(Node::operator).toList();
        assertEquals(opset >= 20, operators.contains("Gelu"), "Gelu exists since opset 20");
        assertEquals(opset < 20, operators.contains("Erf"));
      }
    }
  }

  @Test
  void segmentMeansRejectVeryLongSequences() {
    var config = TokenShiftGptConfig.builder().numTokens(8).dim(24).depth(1).maxSeqLen(1 << 24);
    var thrown = assertThrows(ConfigException.class, config::build);
    assertEquals("'max_seq_len' is 16777216; it must be from 2 to 1048576", thrown.getMessage());
    assertEquals(1 << 24, config.useDiscountedCumsum(true).build().maxSeqLen());
  }

  @Test
  void aFixedBatchFixesTheStateShapes() {
    var state = discounted().build(MAIN.toBuilder().incremental(true).batch(3).build()).state();
    assertTrue(state.stream().flatMap(pair -> pair.first().stream()).allMatch(Dim::isFixed));
  }

  @Test
  void anUnknownOutputIsRejected() {
    var request = MAIN.toBuilder().outputs("attn").build();
    var thrown = assertThrows(InputException.class, () -> segmentMeans().build(request));
    assertEquals("unknown output 'attn'; this class has logits, loss", thrown.getMessage());
  }

  @Test
  void anIncrementalLossIsRejected() {
    var request = MAIN.toBuilder().outputs("loss").incremental(true).build();
    assertThrows(InputException.class, () -> segmentMeans().build(request));
  }

  @Test
  void invalidSizesAreRejected() {
    var odd = small().dim(5).ffMult(3);
    assertThrows(ConfigException.class, odd::build);
    var noShift = small().maxSeqLen(1);
    assertThrows(ConfigException.class, noShift::build);
    small().maxSeqLen(1).useDiscountedCumsum(true).build();
  }

  @Test
  void aSingleChunkLeavesTheGateUnchanged() {
    var tiny = new TokenShiftGpt(small().maxSeqLen(2).build());
    assertEquals(List.of(), functions(tiny));
    assertEquals(1, tiny.build(MAIN.toBuilder().incremental(true).build()).state().size());
    assertEquals(
        Stream.of("past_position").toList(),
        tiny.build(MAIN.toBuilder().incremental(true).build()).state().stream()
            .map(StateTensor::input)
            .toList());
  }
}
