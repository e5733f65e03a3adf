package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What other programs are told of the files. */
class RunningDocumentTest {
  private static final GraphRequest MAIN = GraphRequest.main();

  @Test
  void explainsWhateverModelsSayOfThemselves() throws IOException {
    var keys = new TreeSet<String>();
    for (var path : CaseFolder.below(Path.of("cases"))) {
      var architecture = CaseFolder.read(path).architecture();
      keys.addAll(architecture.build(MAIN).properties().keySet());
      if (architecture.isIncremental(MAIN)) {
        keys.addAll(architecture.build(MAIN.withIncremental(true)).properties().keySet());
      }
    }
    assertTrue(keys.contains("ring_slots") && keys.contains("group_size"), "cases have them all");
    var document = Files.readString(Path.of("../docs/running.md"));
    for (var key : keys) {
      var shown = key.replaceFirst("^num_tokens\\..*", "num_tokens.NAME");
      assertTrue(document.contains("`" + shown + "`"), key + " is not explained");
    }
  }
}
