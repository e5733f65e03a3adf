package ai.transonnx.runtime.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultThreadsTest {
  @TempDir private Path folder;
  private Path fourProcessors = Path.of("");

  @BeforeEach
  void machine() throws IOException {
    fourProcessors = folder.resolve("cpuinfo");
    var text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append("processor\t: ").append(i).append("\nmodel name\t: some processor\n\n");
    }
    Files.writeString(fourProcessors, text);
  }

  @Test
  void threadsAreLimitedToTheProcessorsOfTheProcess() {
    assertEquals(3, DefaultThreads.of(3, fourProcessors));
    assertEquals(1, DefaultThreads.of(1, fourProcessors));
  }

  @Test
  void withoutALimitOnnxRuntimeDecides() {
    assertEquals(0, DefaultThreads.of(4, fourProcessors));
  }

  @Test
  void onOtherSystemsOnnxRuntimeDecides() {
    assertEquals(0, DefaultThreads.of(1, folder.resolve("missing")));
  }
}
