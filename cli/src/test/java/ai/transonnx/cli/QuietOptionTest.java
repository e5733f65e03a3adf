package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuietOptionTest extends ExportedCases {
  @Test
  void everyCommandHasIt() {
    for (var name :
        List.of(
            "export",
            "generate",
            "serve",
            "verify",
            "quality",
            "score",
            "inspect",
            "doctor",
            "demo",
            "generate-man")) {
      var help = CommandRun.of("help", name).assertDone().out();
      assertTrue(help.contains("  --quiet "), help);
    }
  }

  @Test
  void anExportHasNoNotes() {
    var options =
        List.<Object>of(
            "export",
            "--config",
            CASES.resolve("../x-transformers/palm-like/case.json"),
            "--weights",
            FORMATS.resolve("wrapped.pt"),
            "--output",
            folder.resolve("model.onnx"));
    CommandRun.of(options.toArray()).assertDoneWithNote("'net.'");
    var quiet = new ArrayList<>(options);
    quiet.add("--quiet");
    CommandRun.of(quiet.toArray()).assertDone();
  }

  @Test
  void aGenerationHasNoNotes() throws IOException {
    var model = exported(CASES.resolve("base"));
    CommandRun.of("generate", model, "--tokens=1", "--length=3", "--quiet").assertDone();
    var prompts = Files.writeString(folder.resolve("prompts"), "{\"tokens\": [1]}\n");
    CommandRun.of("generate", model, "--prompts", prompts, "--length=3", "--greedy", "--quiet")
        .assertDone();
  }

  @Test
  void errorsArePrinted() {
    CommandRun.of("generate", folder.resolve("none"), "--tokens=1", "--length=3", "--quiet")
        .assertRefused("none: no such file");
    var run = CommandRun.of("verify", "--cases", CASES.resolve("base"), "--quiet").assertDone();
    assertEquals(2, run.out().lines().count());
  }
}
