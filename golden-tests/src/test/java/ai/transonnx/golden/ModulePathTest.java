package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java of the documents as a program on the module path. */
class ModulePathTest {
  private static final Path WEIGHTS = Path.of("trained/token-shift-gpt/bible/weights.safetensors");
  private static final Path TOKENIZER =
      Path.of("text/byte-level-bpe/tokenizer.json").toAbsolutePath();
  private static final Path CASE = Path.of("cases/token-shift-gpt").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void theProgramCompilesAndRuns() throws Exception {
    var consumer = new ConsumerModule(folder);
    consumer.compile();
    Files.copy(WEIGHTS, folder.resolve("model.safetensors"));
    try (var cases = Files.list(CASE)) {
      var printed =
          consumer.run(cases.sorted().findFirst().orElseThrow().toString(), TOKENIZER.toString());
      assertEquals(
          List.of(
              "verified",
              "exported",
              "generated",
              "tokenized",
              "served",
              "continued",
              "OwnConfig[width=3, depth=2]"),
          printed.lines().toList());
    }
  }
}
