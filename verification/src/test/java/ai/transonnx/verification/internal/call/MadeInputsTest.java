package ai.transonnx.verification.internal.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MadeInputsTest {
  private static final TensorSpec TOKENS =
      CallModels.spec("tokens", ElementType.INT64, "batch", "length");

  private static Tensor made(TensorSpec spec, int length) {
    var model = CallModels.of(Map.of(), TOKENS, spec);
    return new MadeInputs(model, 3).of(2, length).get(spec.name());
  }

  @Test
  void theSameSeedGivesTheSameInputs() {
    var model = CallModels.of(Map.of(), TOKENS);
    var one = new MadeInputs(model, 3).of(2, 9).get("tokens").longs();
    assertArrayEquals(one, new MadeInputs(model, 3).of(2, 9).get("tokens").longs());
    assertFalse(Arrays.equals(one, new MadeInputs(model, 4).of(2, 9).get("tokens").longs()));
  }

  @Test
  void tokensAreInTheVocabulary() {
    var tokens = made(TOKENS, 500).longs();
    assertEquals(0, Arrays.stream(tokens).min().orElseThrow());
    assertEquals(9, Arrays.stream(tokens).max().orElseThrow());
  }

  @Test
  void integersOfUnknownMeaningAreSmall() {
    var types = made(CallModels.spec("types", ElementType.INT32, "batch", "length"), 50);
    assertEquals(ElementType.INT32, types.type());
    assertTrue(Arrays.stream(types.longs()).allMatch(value -> value == 0 || value == 1));
  }

  @Test
  void masksKeepTheStartOfEachRow() {
    var mask = made(CallModels.spec("mask", ElementType.BOOL, "batch", "length"), 40).booleans();
    for (int i = 0; i < 40; i++) {
      assertTrue(mask[i], "the first row is whole");
      assertTrue(i == 0 || (mask[40] && (mask[40 + i - 1] || !mask[40 + i])), "no gaps");
    }
  }

  @Test
  void masksDropAPositionOfAShortRow() {
    var spec = CallModels.spec("mask", ElementType.BOOL, "batch", "length");
    var model = CallModels.of(Map.of(), TOKENS, spec);
    for (int seed = 0; seed < 50; seed++) {
      var mask = new MadeInputs(model, seed).of(2, 3).get("mask").booleans();
      assertTrue(mask[3] && !mask[5], "seed " + seed);
    }
  }

  @Test
  void integerMasksAreZeroOrOne() {
    var mask =
        made(CallModels.spec("attention_mask", ElementType.INT64, "batch", "length"), 9).longs();
    assertEquals(1, mask[9]);
    assertTrue(Arrays.stream(mask).allMatch(value -> value == 0 || value == 1));
  }

  @Test
  void everyRowOfAnAttentionMaskKeepsItself() {
    var mask =
        made(CallModels.spec("attn_mask", ElementType.BOOL, "length", "length"), 6).booleans();
    for (int i = 0; i < 6; i++) {
      assertTrue(mask[i * 6] && mask[i * 6 + i]);
    }
  }

  @Test
  void positionsAreCounted() {
    var positions =
        made(CallModels.spec("position_ids", ElementType.INT64, "batch", "length"), 3).longs();
    assertArrayEquals(new long[] {0, 1, 2, 0, 1, 2}, positions);
  }

  @Test
  void paddingLeavesHalfOfEachRow() {
    var starts = made(CallModels.spec("seq_start_pos", ElementType.INT64, "batch"), 8).longs();
    assertEquals(0, starts[0]);
    assertTrue(starts[1] >= 0 && starts[1] < 4);
  }

  @Test
  void sizesWithOneNameAreEqualAndSumsFollow() {
    var model =
        CallModels.of(
            Map.of(),
            TOKENS,
            CallModels.spec("context", ElementType.FLOAT32, "batch", "context_length", 4),
            CallModels.spec("context_mask", ElementType.BOOL, "batch", "context_length"),
            CallModels.spec("shifted", ElementType.FLOAT32, "batch", "length - 1", 4));
    var inputs = new MadeInputs(model, 3).of(2, 9);
    assertEquals(inputs.get("context").shape()[1], inputs.get("context_mask").shape()[1]);
    assertArrayEquals(new long[] {2, 8, 4}, inputs.get("shifted").shape());
  }

  @Test
  void inputsBeyondAnyMemoryAreRefused() {
    var huge = CallModels.spec("image", ElementType.FLOAT32, "batch", 1L << 40);
    var refused = assertThrows(InputException.class, () -> made(huge, 1));
    assertTrue(refused.getMessage().contains("--inputs"), refused.getMessage());
  }
}
