package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TerminalTest extends ExportedCases {
  /** Sets the title of a window. */
  private static final String COMMAND = "\u001b]0;title\u0007";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void controlCharactersAreFilteredOnATerminalOnly(boolean isTerminal) {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var out = new StringWriter();
    new CommandLine(new GenerateCommand(isTerminal))
        .setOut(new PrintWriter(out))
        .execute(model.toString(), "--prompt", COMMAND, "--length", "1", "--greedy");
    var expected = isTerminal ? "?]0;title?" : COMMAND;
    assertEquals(expected, out.toString().substring(0, expected.length()));
  }

  @Test
  void textIsNotFiltered() {
    var text = "line\n\tna\u00efve \ud83d\ude00";
    assertEquals(text, Terminal.printable(text));
    assertEquals("??????", Terminal.printable("\u0000\r\u001b\u007f\u0085\u009b"));
  }
}
