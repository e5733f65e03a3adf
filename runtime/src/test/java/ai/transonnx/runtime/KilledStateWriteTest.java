package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * States that are written over existing ones, by processes that are killed meanwhile; {@code
 * -Dtransonnx.kills=N} sets their number.
 */
class KilledStateWriteTest {
  private static final int KILLS = Integer.getInteger("transonnx.kills", 8);
  private static final int LENGTH = 10_000;
  private static final String NAME = "loop.state";

  @TempDir private Path folder = Path.of("");

  @Test
  void aKilledProcessLeavesAWholeState() throws Exception {
    var file = folder.resolve(NAME);
    state(1).write(file);
    var random = new Random(3);
    for (int i = 0; i < KILLS; i++) {
      var process = startWriting(file);
      assertTrue(!process.waitFor(random.nextInt(30_000), TimeUnit.MICROSECONDS), "it writes");
      if (i % 2 == 0) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
      process.waitFor();
      assertWhole(file);
      state(1).write(file);
      assertEquals(List.of(NAME), names());
    }
  }

  @Test
  void aReaderAlwaysFindsAWholeState() throws Exception {
    var file = folder.resolve(NAME);
    state(1).write(file);
    var writer =
        new Thread(
            () -> {
              for (int i = 0; i < 200; i++) {
                state(i % 2 + 1).write(file);
              }
            });
    writer.start();
    while (writer.isAlive()) {
      assertWhole(file);
    }
    writer.join();
  }

  private static void assertWhole(Path file) {
    var state = LoopStateFile.read(file);
    var tokens = new long[LENGTH];
    Arrays.fill(tokens, state.position() - LENGTH);
    assertTrue(Arrays.equals(tokens, state.tokens()[0]), "the tokens belong to the position");
  }

  /** A state whose tokens all are {@code token}, as its position tells. */
  private static LoopState state(long token) {
    var tokens = new long[1][LENGTH];
    Arrays.fill(tokens[0], token);
    var logits = Tensor.ofFloats(new float[2], 1, 1, 2);
    return new LoopState(LENGTH + token, LENGTH, tokens, List.of(), logits, Optional.empty());
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static Process startWriting(Path file) throws IOException {
    var process =
        new ProcessBuilder(
                OtherJvm.JAVA.toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                EndlessWrites.class.getName(),
                file.toString())
            .redirectError(Redirect.DISCARD)
            .start();
    assertEquals('>', process.getInputStream().read(), "it has written once");
    return process;
  }

  /** A program that replaces a state until it is killed. */
  static final class EndlessWrites {
    private EndlessWrites() {}

    public static void main(String[] args) {
      for (long i = 0; ; i++) {
        state(i % 2 + 1).write(Path.of(args[0]));
        if (i == 0) {
          System.out.print(">");
          System.out.flush();
        }
      }
    }
  }
}
