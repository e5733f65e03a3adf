package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputsTest {
  private static final Tensor LOGITS = Tensor.ofFloats(new float[6], 1, 2, 3);
  private static final Tensor SUM = Tensor.ofLongs(new long[] {1}, 1);

  private static Outputs outputs() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("logits", LOGITS);
    tensors.put("present_sum", SUM);
    return Outputs.of(tensors);
  }

  @Test
  void anOutputIsFoundByName() {
    assertSame(SUM, outputs().get("present_sum"));
  }

  @Test
  void anUnknownNameIsReportedWithTheReturnedOutputs() {
    var e = assertThrows(NameException.class, () -> outputs().get("logit"));
    assertEquals(
        "no output 'logit'; this call returned [logits float32[1, 2, 3], present_sum int64[1]]",
        e.getMessage());
  }

  @Test
  void theMapHasEveryOutputInOrder() {
    var map = outputs().asMap();
    assertEquals(List.of("logits", "present_sum"), List.copyOf(map.keySet()));
    assertEquals(outputs().names(), map.keySet());
    assertThrows(UnsupportedOperationException.class, map::clear);
  }
}
