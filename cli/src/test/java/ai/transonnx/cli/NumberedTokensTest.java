package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens that stand for numbers, on the command line. */
class NumberedTokensTest extends ExportedCases {
  private static final Path CASE = Path.of("../golden-tests/releases/2.26.4/xval-sines");

  private static CommandRun generate(Path model, String option, String prompt) {
    return CommandRun.of("generate", model, option, prompt, "--greedy", "--length", 5);
  }

  @Test
  void valuesAreReadAndPrinted() {
    var model = exported(CASE, "--incremental");
    var out = generate(model, "--tokens", "12,0,3=1.58,20,17,5").assertDone().out();
    assertTrue(out.startsWith("4,6,1,13,3=0.2884"), out);
  }

  @Test
  void aNumberWithoutValueAndATextAreRefused() {
    var model = exported(CASE, "--incremental");
    generate(model, "--tokens", "12,3").assertRefused("position 1 of row 0", "give its value");
    generate(model, "--tokens", "12,3=inf").assertRefused("not a list of tokens");
    generate(model, "--prompt", "one").assertRefused("token 3 stands for numbers", "--tokens");
  }

  @Test
  void valuesForAnotherModelAreRefused() {
    var model = exported(CASES.resolve("base"), "--incremental");
    generate(model, "--tokens", "1,3=0.5").assertRefused("no number token");
  }

  @Test
  void theFormIsTheSameInBothDirections() {
    var parsed = NumberedTokens.of("5, 3=0.25,7");
    assertEquals(List.of(5L, 3L, 7L), parsed.tokens());
    assertEquals(List.of(Double.NaN, 0.25, Double.NaN), parsed.numbers());
    assertEquals(
        "5,3=0.1,7",
        NumberedTokens.text(new long[] {5, 3, 7}, new double[] {Double.NaN, 0.1f, Double.NaN}));
    assertThrows(NumberFormatException.class, () -> NumberedTokens.of("3="));
    assertThrows(NumberFormatException.class, () -> NumberedTokens.of("=1"));
  }
}
