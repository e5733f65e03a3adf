package ai.transonnx.verification.internal.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenInputsTest {
  private static final Tensor TOKENS = Tensor.ofLongs(new long[] {1, 2, 3}, 1, 3);

  private final CallModel model =
      CallModels.of(
          Map.of("num_tokens.tokens", "10"),
          CallModels.spec("tokens", ElementType.INT64, "batch", "length"),
          CallModels.spec("sum_embeds", ElementType.FLOAT32, "batch", "length", 2));

  private InputSet set(Tensor tokens, Tensor embeds) {
    return new GivenInputs(model, "inputs.npz")
        .set("", Map.of("tokens", tokens, "sum_embeds", embeds));
  }

  private void assertRefused(String phrase, Map<String, Tensor> tensors) {
    var refused =
        assertThrows(
            InputException.class, () -> new GivenInputs(model, "inputs.npz").set("", tensors));
    assertTrue(refused.getMessage().startsWith("inputs.npz: "), refused.getMessage());
    assertTrue(refused.getMessage().contains(phrase), refused.getMessage());
  }

  @Test
  void numbersAreConvertedToTheTypeOfTheModel() {
    var doubles = ByteBuffer.allocateDirect(48).order(ByteOrder.LITTLE_ENDIAN);
    doubles.putDouble(0, 0.5);
    var ints = ByteBuffer.allocateDirect(12).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 7);
    var set =
        set(
            Tensor.of(ElementType.INT32, ints.rewind(), 1, 3),
            Tensor.of(ElementType.FLOAT64, doubles, 1, 3, 2));
    assertArrayEquals(new long[] {0, 0, 7}, set.inputs().get("tokens").longs());
    assertEquals(0.5f, set.inputs().get("sum_embeds").floats()[0]);
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    var embeds = Tensor.zeros(ElementType.FLOAT32, 1, 3, 2);
    assertRefused("has no tensor 'sum_embeds'", Map.of("tokens", TOKENS));
    var more = new HashMap<>(Map.of("tokens", TOKENS, "sum_embeds", embeds));
    more.put("mask", TOKENS);
    assertRefused("has a tensor 'mask'", more);
    assertRefused("'sum_embeds' is int64[1, 3]", Map.of("tokens", TOKENS, "sum_embeds", TOKENS));
    var longer = Tensor.zeros(ElementType.FLOAT32, 1, 4, 2);
    assertRefused("equal names have equal sizes", Map.of("tokens", TOKENS, "sum_embeds", longer));
    var wider = Tensor.zeros(ElementType.FLOAT32, 1, 3, 3);
    assertRefused("float32[1, 3, 3]", Map.of("tokens", TOKENS, "sum_embeds", wider));
    var unknown = Tensor.ofLongs(new long[] {1, 10, 3}, 1, 3);
    assertRefused("the token 10", Map.of("tokens", unknown, "sum_embeds", embeds));
  }
}
