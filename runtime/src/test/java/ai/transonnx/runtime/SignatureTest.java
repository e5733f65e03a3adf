package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SignatureTest {
  private static final Tensor TOKENS = Tensor.zeros(ElementType.INT64, 2, 2);
  private static final Tensor SUMS = Tensor.zeros(ElementType.INT64, 2, 1);
  private static final Signature SIGNATURE = signature();

  private static Signature signature() {
    var batch = Dim.of("batch");
    var inputs = new LinkedHashMap<String, TensorSpec>();
    inputs.put("tokens", new TensorSpec("tokens", ElementType.INT64, List.of(batch, Dim.of("n"))));
    inputs.put(
        "past_sum", new TensorSpec("past_sum", ElementType.INT64, List.of(batch, Dim.of(1))));
    return new Signature(inputs, Map.of());
  }

  @Test
  void anUnknownInputIsNamed() {
    assertRejected(
        Map.of("token", TOKENS, "past_sum", SUMS),
        "the model has no input 'token'; it takes [tokens int64[batch, n], past_sum");
  }

  @Test
  void aMissingInputIsNamed() {
    assertRejected(Map.of("tokens", TOKENS), "input 'past_sum' is missing");
  }

  @Test
  void anInputOfAnotherTypeIsRejected() {
    assertRejected(
        Map.of("tokens", Tensor.zeros(ElementType.INT32, 2, 2), "past_sum", SUMS),
        "input 'tokens' is int32[2, 2], but the model takes int64[batch, n]: its type is not int64");
  }

  @Test
  void anInputOfAnotherRankIsRejected() {
    assertRejected(
        Map.of("tokens", Tensor.zeros(ElementType.INT64, 2), "past_sum", SUMS),
        "its rank is 1, not 2");
  }

  @Test
  void anInputOfAnotherFixedSizeIsRejected() {
    assertRejected(
        Map.of("tokens", TOKENS, "past_sum", Tensor.zeros(ElementType.INT64, 2, 3)),
        "dimension 1 (1) is 3, not 1");
  }

  @Test
  void inputsThatDisagreeOnADimensionAreRejected() {
    assertRejected(
        Map.of("tokens", TOKENS, "past_sum", Tensor.zeros(ElementType.INT64, 3, 1)),
        "dimension 0 (batch) is 3, not 2");
  }

  private static void assertRejected(Map<String, Tensor> inputs, String why) {
    var e = assertThrows(RequestException.class, () -> SIGNATURE.checkInputs(inputs));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void anInputWithAnotherFirstDimensionHasNoRows() {
    assertTrue(SIGNATURE.hasRows("past_sum"));
    var inputs = new LinkedHashMap<>(SIGNATURE.inputs());
    var m = Dim.of("m");
    inputs.put("mask", new TensorSpec("mask", ElementType.BOOL, List.of(m, m)));
    assertFalse(new Signature(inputs, Map.of()).hasRows("mask"));
  }

  @Test
  void validInputsAreAccepted() {
    SIGNATURE.checkInputs(Map.of("tokens", TOKENS, "past_sum", SUMS));
  }
}
