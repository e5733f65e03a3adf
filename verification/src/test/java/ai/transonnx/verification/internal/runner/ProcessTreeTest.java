package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class ProcessTreeTest {
  /** The shell becomes a program that does not wait for its child, which ends with its input. */
  private static final String SCRIPT =
      "exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 1000 <&- 3<&-";

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void aProcessForWhichNobodyWaitsHasEnded() throws IOException {
    var tree = ProcessTree.start(new ProcessBuilder("sh", "-c", SCRIPT));
    var root = tree.root().toHandle();
    try (var output = tree.root().inputReader()) {
      var child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      while (root.info().arguments().map(arguments -> arguments.length).orElse(0) != 1) {
        Thread.onSpinWait();
      }
      assertFalse(ProcessTree.hasEnded(child));
      tree.root().getOutputStream().close();
      while (!ProcessTree.hasEnded(child)) {
        Thread.onSpinWait();
      }
      assertTrue(child.isAlive(), "its entry stays");
      assertFalse(ProcessTree.hasEnded(root));
    } finally {
      tree.kill();
    }
    assertTrue(ProcessTree.hasEnded(root));
  }
}
