package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final StringWriter err = new StringWriter();

  @Test
  void aHeapThatIsTooSmallNamesItsLimit() {
    var error = new OutOfMemoryError("Java heap space");
    assertEquals(ExitCode.INVALID_INPUT, Failures.report(error, new PrintWriter(err)));
    assertTrue(
        err.toString()
            .matches(
                "transonnx: not enough memory: Java heap space; the heap is limited to \\d+ MB, which -Xmx raises\\R"),
        err.toString());
  }
}
