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
  /** The shell becomes a program that does not wait for its child. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void aProcessForWhichNobodyWaitsHasEnded() throws IOException {
    var builder = new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 1000");
    var tree = ProcessTree.start(builder);
    try (var output = tree.root().inputReader()) {
      var child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      while (!ProcessTree.hasEnded(child)) {
        Thread.onSpinWait();
      }
      assertTrue(child.isAlive(), "its entry stays");
      assertFalse(ProcessTree.hasEnded(tree.root().toHandle()));
    } finally {
      tree.kill();
    }
    assertTrue(ProcessTree.hasEnded(tree.root().toHandle()));
  }
}
