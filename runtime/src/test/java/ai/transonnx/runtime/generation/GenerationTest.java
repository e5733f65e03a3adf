package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class GenerationTest {
  @Test
  void aGenerationPrintsItsRowsAndSeed() {
    var tokens = List.of(new long[] {4, 8}, new long[] {3});
    var reasons = List.of(FinishReason.LENGTH, FinishReason.STOP);
    assertEquals(
        "Generation[LENGTH [4, 8], STOP [3], seed=7]",
        new Generation(tokens, reasons, List.of(), OptionalLong.of(7)).toString());
    assertEquals(
        "Generation[LENGTH [4, 8], STOP [3]]",
        new Generation(tokens, reasons, List.of(), OptionalLong.empty()).toString());
  }
}
