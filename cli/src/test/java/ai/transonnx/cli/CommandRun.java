package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One run of the command: its exit code and its output. */
record CommandRun(int code, String out, String err) {
  static CommandRun of(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    int code = Transonnx.run(new PrintWriter(out), new PrintWriter(err), words);
    return new CommandRun(code, out.toString(), err.toString());
  }

  /** A run with a text as its standard input. */
  static CommandRun withInput(byte[] input, Object... args) {
    var own = System.in;
    System.setIn(new ByteArrayInputStream(input));
    try {
      return of(args);
    } finally {
      System.setIn(own);
    }
  }

  /** Exports the graph of a case and returns the file. */
  static Path exported(Path caseFolder, Path output, String... options) {
    var words = new ArrayList<Object>(List.of("export", "--case", caseFolder, "--output", output));
    words.addAll(List.of(options));
    of(words.toArray()).assertDone();
    return output;
  }

  /** Asserts that the command failed with one line, which has these phrases. */
  void assertRefused(String... phrases) {
    assertEquals(ExitCode.INVALID_INPUT, code, err);
    assertEquals(1, err.lines().count(), err);
    assertEquals("", out);
    for (var phrase : phrases) {
      assertTrue(err.contains(phrase), () -> "'" + phrase + "' is not in: " + err);
    }
  }

  /** Asserts that the command succeeded with one note, which has these phrases. */
  CommandRun assertDoneWithNote(String... phrases) {
    assertEquals(ExitCode.SUCCESS, code, err);
    assertEquals(1, err.lines().count(), err);
    for (var phrase : phrases) {
      assertTrue(err.contains(phrase), () -> "'" + phrase + "' is not in: " + err);
    }
    return this;
  }

  CommandRun assertDone() {
    assertEquals(ExitCode.SUCCESS, code, err);
    assertEquals("", err);
    return this;
  }
}
