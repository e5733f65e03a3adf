package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.verification.runner.Runners;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineTest {
  @Test
  void blanksSeparateWordsAndQuotesKeepThem() {
    assertEquals(
        List.of("run", "a b", "c'd", "", "e=f g"),
        CommandLine.words("  run 'a b'\t\"c'd\" '' e='f g' "));
  }

  @Test
  void aQuoteHasAnEnd() {
    var error = assertThrows(InputException.class, () -> CommandLine.words("run 'a"));
    assertTrue(error.getMessage().contains("a quote without an end"), error.getMessage());
  }

  @Test
  void aCommandHasAWord() {
    var error = assertThrows(InputException.class, () -> Runners.open("exec: "));
    assertTrue(error.getMessage().contains("exec:COMMAND"), error.getMessage());
  }

  @Test
  void aCommandIsTheRestOfTheList() {
    assertEquals(
        List.of("cpu", "exec:run --on a,b:*,cpu"), Runners.names("cpu, exec:run --on a,b:*,cpu"));
  }
}
