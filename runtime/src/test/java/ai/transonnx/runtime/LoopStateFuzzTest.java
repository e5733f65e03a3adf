package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of saved loops: a state that is accepted continues; without fuzzing, it
 * runs over its seeds only.
 */
class LoopStateFuzzTest {
  @TempDir private static Path folder;

  private static OnnxModel model;

  @BeforeAll
  static void load() {
    model = OnnxModel.load(TinyModels.stateful().write(folder));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static Stream<Arguments> seeds() {
    return Stream.of(new long[] {1}, new long[] {1, 2, 3}).map(LoopStateFuzzTest::saved);
  }

  private static Arguments saved(long... tokens) {
    var file = folder.resolve("seed.state");
    try (var loop = TokenLoop.of(model)) {
      loop.feed(tokens);
      loop.state().write(file);
      return Arguments.of((Object) Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void anyState(byte[] bytes) throws IOException {
    var file = Files.write(folder.resolve("loop.state"), bytes);
    try {
      var state = LoopState.read(file, model);
      try (var loop = TokenLoop.of(model, state.batch())) {
        loop.restore(state);
        loop.logits(0, new float[TinyModels.V]);
        loop.feed(new long[state.batch()]);
        assertEquals(state.position() + 1, loop.position());
      }
    } catch (InferenceException e) {
      String message = String.valueOf(e.getMessage());
      assertEquals(1, message.lines().count(), message);
      assertTrue(message.length() < 5000, message);
    }
  }
}
