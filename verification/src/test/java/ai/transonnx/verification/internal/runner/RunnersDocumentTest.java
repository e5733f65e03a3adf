package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that describes runtimes and their protocol. */
final class RunnersDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/runners.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("^```python\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void theExampleComputesAGoldenCase() throws IOException {
    var example = EXAMPLE.matcher(Files.readString(DOCUMENT));
    assertTrue(example.find());
    var script = Files.writeString(folder.resolve("my_runner.py"), example.group(1));
    Installed.open("python").close();
    var python = PythonRunner.PYTHON.find().orElseThrow();
    try (var runner = Runners.open("exec:'%s' '%s'".formatted(python, script))) {
      assertEquals("example", runner.fingerprint().runtime());
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @Test
  void theTableHasEveryNameThatIsNoDevice() throws IOException {
    var document = Files.readString(DOCUMENT);
    for (var form : Runners.forms()) {
      var name = form.replaceFirst("[\\[:].*", "");
      boolean isDevice = form.contains("[:DEVICE]");
      assertTrue(isDevice || document.contains("| `" + name), name);
    }
  }
}
