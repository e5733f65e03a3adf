package ai.transonnx.verification.internal.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallStatesTest {
  private final CallModel model = CallModels.incremental(Map.of("ragged", "true"));
  private final List<PlannedCall> calls = CallPlan.of(model, MadeSets.of(model, 1));
  private final CallStates states = new CallStates(model.metadata().state(), calls);

  private PlannedCall call(String name) {
    return calls.stream().filter(call -> call.name().equals(name)).findFirst().orElseThrow();
  }

  private static Map<String, Tensor> keys(float value, int slots) {
    var values = new float[8 * slots];
    Arrays.fill(values, value);
    return Map.of("present_keys_0", Tensor.ofFloats(values, 1, 2, slots, 4));
  }

  @Test
  void aSequenceBeginsWithZerosOfTheFirstShape() {
    var state = states.of(call("prefill"));
    assertArrayEquals(new long[] {2, 2, 0, 4}, state.get("past_keys_0").shape());
  }

  @Test
  void rowsAreStackedAndSmallerBuffersArePaddedWithZeros() {
    states.put(call("row 1"), keys(1, 3));
    states.put(call("row 2"), keys(2, 1));
    var stacked = states.of(call("rows step 1")).get("past_keys_0");
    assertArrayEquals(new long[] {2, 2, 3, 4}, stacked.shape());
    var values = stacked.floats();
    float[] secondRow = Arrays.copyOfRange(values, 24, 40);
    assertArrayEquals(new float[] {2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2}, secondRow);
  }

  @Test
  void statesThatNoLaterCallContinuesAreForgotten() {
    states.put(call("prefill"), keys(1, 1));
    assertTrue(states.has(call("step 1")));
    states.put(call("step 1"), keys(1, 2));
    assertFalse(states.has(call("step 1")));
    assertTrue(states.has(call("step 2")));
  }
}
