package ai.transonnx.verification.internal.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallPlanTest {
  private static List<PlannedCall> plan(CallModel model) {
    return CallPlan.of(model, MadeSets.of(model, 1));
  }

  private static List<String> names(List<PlannedCall> calls) {
    return calls.stream().map(PlannedCall::name).toList();
  }

  private static List<Long> lengths(List<PlannedCall> calls) {
    return calls.stream().map(call -> call.inputs().get("tokens").shape()[1]).toList();
  }

  @Test
  void aModelWithoutStateIsCalledInSeveralSizes() {
    var tokens = CallModels.spec("tokens", ElementType.INT64, "batch", "length");
    var calls = plan(CallModels.of(Map.of("max_length", "64"), tokens));
    assertEquals(List.of("call 1", "call 2", "call 3"), names(calls));
    assertEquals(List.of(24L, 7L, 64L), lengths(calls));
    assertEquals(List.of(2, 1, 1), calls.stream().map(PlannedCall::batch).toList());
  }

  @Test
  void aSequenceIsAPrefillStepsAndPieces() {
    var calls = plan(CallModels.incremental(Map.of("max_length", "100")));
    assertEquals(List.of("prefill", "step 1", "step 2", "step 3", "piece 1"), names(calls));
    assertEquals(List.of(16L, 1L, 1L, 1L, 5L), lengths(calls));
    assertEquals(List.of("step 1"), calls.get(2).state().calls());
  }

  @Test
  void singleStepsCrossTheEndOfASegmentAndNoCallDoes() {
    var calls = plan(CallModels.incremental(Map.of("segment_length", "32")));
    assertEquals(List.of(30L, 1L, 1L, 1L, 5L), lengths(calls).subList(0, 5));
    assertEquals(40L, lengths(calls).stream().mapToLong(n -> n).sum());
  }

  @Test
  void aSequenceFillsARingAndUsesItsSlotsAgain() {
    var calls = plan(CallModels.incremental(Map.of("ring_window", "8", "ring_slots", "40")));
    assertEquals(48L, lengths(calls).stream().mapToLong(n -> n).sum());
  }

  @Test
  void aShortContextWindowIsNotExceeded() {
    for (int longest = 1; longest < 8; longest++) {
      var calls = plan(CallModels.incremental(Map.of("max_length", String.valueOf(longest))));
      assertEquals(longest, lengths(calls).stream().mapToLong(n -> n).sum());
    }
  }

  @Test
  void rowsOfDifferentLengthsContinueInOneBatch() {
    var calls = plan(CallModels.incremental(Map.of("ragged", "true")));
    var rows = calls.subList(calls.size() - 4, calls.size());
    assertEquals(List.of("row 1", "row 2", "rows step 1", "rows step 2"), names(rows));
    assertEquals(List.of("row 1", "row 2"), rows.get(2).state().calls());
    var whole = MadeSets.of(CallModels.incremental(Map.of("ragged", "true")), 1).get(0).inputs();
    var tokens = whole.get("tokens").longs();
    int n = (int) whole.get("tokens").shape()[1];
    long[] next = {tokens[7], tokens[n + 3]};
    assertArrayEquals(next, rows.get(2).inputs().get("tokens").longs());
  }

  @Test
  void aContextIsGivenToTheFirstCallOnly() {
    var context = CallModels.spec("context", ElementType.FLOAT32, "batch", "context_length", 4);
    var calls = plan(CallModels.incremental(Map.of(), context));
    assertArrayEquals(new long[] {2, 5, 4}, calls.get(0).inputs().get("context").shape());
    assertArrayEquals(new long[] {2, 0, 4}, calls.get(1).inputs().get("context").shape());
  }

  @Test
  void givenInputsAreAlsoRunAsAWhole() {
    var model = CallModels.incremental(Map.of());
    var tokens = Tensor.ofLongs(new long[] {1, 2, 3, 4}, 1, 4);
    var set = new GivenInputs(model, "inputs.npz").set("", Map.of("tokens", tokens));
    var calls = CallPlan.of(model, List.of(set));
    assertEquals(List.of("whole", "prefill", "step 1", "step 2"), names(calls));
  }

  @Test
  void aStateOfWholeCallsGoesFromSetToSet() {
    var state =
        """
        [{"input": "past_mem_0", "output": "present_mem_0", "type": "float32",
          "shape": ["batch", "past", 4], "first": ["batch", 0, 4], "role": "memory"}]
        """;
    var tokens = CallModels.spec("tokens", ElementType.INT64, "batch", "length");
    var calls = plan(CallModels.of(Map.of("state", state), tokens));
    assertEquals(List.of(), calls.get(0).state().calls());
    assertEquals(List.of("call 1"), calls.get(1).state().calls());
    assertEquals(List.of("call 2"), calls.get(2).state().calls());
  }

  @Test
  void inputsWithoutPositionsAreRefused() {
    var model = CallModels.incremental(Map.of());
    var empty = Map.of("tokens", Tensor.ofLongs(new long[0], 1, 0));
    var set = new GivenInputs(model, "inputs.npz").set("", empty);
    var refused = assertThrows(InputException.class, () -> CallPlan.of(model, List.of(set)));
    assertTrue(refused.getMessage().contains("no positions"), refused.getMessage());
  }
}
