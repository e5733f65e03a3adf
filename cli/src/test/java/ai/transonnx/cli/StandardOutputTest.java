package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest {
  private static final Path TRAINED = Path.of("../golden-tests/trained/token-shift-gpt/bible");

  /** A pipe whose reader closes it after some bytes. */
  private static final class ShortPipe extends OutputStream {
    private int left;

    private ShortPipe(int bytes) {
      this.left = bytes;
    }

    @Override
    public void write(int b) throws IOException {
      if (left-- <= 0) {
        throw new IOException("Broken pipe");
      }
    }
  }

  private static void assertReportedOnce(int bytes, String... args) {
    var out =
        new PrintWriter(new StandardOutput(new ShortPipe(bytes)), false, StandardCharsets.UTF_8);
    var err = new StringWriter();
    assertEquals(ExitCode.INVALID_INPUT, Transonnx.run(out, new PrintWriter(err), args));
    assertEquals("transonnx: the output cannot be written: Broken pipe\n", err.toString());
  }

  @Test
  void anOutputThatCannotBeWrittenIsAFailure() {
    assertReportedOnce(0, "--version");
    assertReportedOnce(100, "help", "export");
    assertReportedOnce(100, "inspect", TRAINED.resolve("weights.safetensors").toString());
  }

  @Test
  void generationEndsWhenItsReaderDoes(@TempDir Path folder) {
    var model = folder.resolve("model.onnx").toString();
    CommandRun.of(
            "export", "--case", TRAINED, "--outputs", "logits", "--incremental", "--output", model)
        .assertDone();
    assertReportedOnce(12, "generate", model, "--prompt", "In the", "--length", "250");
  }

  @Test
  void anErrorOfTheJvmIsAnInternalError() {
    var full =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) {
            throw new InternalError("an error of the JVM");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var err = new StringWriter();
    assertEquals(
        ExitCode.INTERNAL_ERROR,
        Transonnx.run(new PrintWriter(full), new PrintWriter(err), "--version"));
    assertTrue(err.toString().startsWith("transonnx: internal error"), err.toString());
  }
}
