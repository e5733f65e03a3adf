package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final StringWriter told = new StringWriter();

  @Test
  void tooSmallAHeapIsForTheUserToMend() {
    var error = new OutOfMemoryError("Java heap space");
    assertEquals(ExitCode.INPUT, Failures.report(error, new PrintWriter(told)));
    assertTrue(
        told.toString()
            .matches(
                "transonnx: memory is short: Java heap space; the heap may have \\d+ MB, and -Xmx gives it more\\R"),
        told.toString());
  }
}
