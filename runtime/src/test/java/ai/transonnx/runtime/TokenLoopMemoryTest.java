package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenLoopMemoryTest {
  @TempDir private Path folder;

  @Test
  void aThousandStepsHoldNoMoreMemoryThanOne() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "resident memory is read from " + status);
    try (var model = OnnxModel.load(TinyModels.heavy().write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1);
      long before = residentKilobytes(status);
      for (int i = 0; i < 1000; i++) {
        loop.feed(1);
      }
      long grown = residentKilobytes(status) - before;
      assertTrue(grown < 200_000, "1000 states of a megabyte left " + grown + " kB behind");
    }
  }

  private static long residentKilobytes(Path status) throws IOException {
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElseThrow();
    }
  }
}
