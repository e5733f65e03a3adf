package ai.transonnx.verification.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputHashTest {
  private static final Tensor TOKENS = Tensor.ofLongs(new long[] {1, 2, 3, 4}, 2, 2);
  private static final Tensor MASK = Tensor.ofBooleans(new boolean[] {true, false}, 2);

  @Test
  void theOrderOfInputsDoesNotMatter() {
    var one = new LinkedHashMap<String, Tensor>();
    one.put("tokens", TOKENS);
    one.put("mask", MASK);
    var other = new LinkedHashMap<String, Tensor>();
    other.put("mask", MASK);
    other.put("tokens", TOKENS);
    assertEquals(hash(one), hash(other));
  }

  @Test
  void namesShapesAndElementsMatter() {
    var hash = hash(Map.of("tokens", TOKENS));
    assertNotEquals(hash, hash(Map.of("src", TOKENS)));
    assertNotEquals(hash, hash(Map.of("tokens", Tensor.ofLongs(new long[] {1, 2, 3, 4}, 4))));
    assertNotEquals(hash, hash(Map.of("tokens", Tensor.ofLongs(new long[] {1, 2, 3, 5}, 2, 2))));
  }

  private static String hash(Map<String, Tensor> inputs) {
    return CallInputs.of("prefill", "", inputs).sha256();
  }
}
