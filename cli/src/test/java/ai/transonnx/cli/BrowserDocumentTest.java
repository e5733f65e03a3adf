package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the program of docs/browser.md in Node. */
@Tag("browser")
final class BrowserDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/browser.md");
  private static final String PROMPT = "And the LORD said";
  private static final Pattern PROGRAM =
      Pattern.compile("^```javascript\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir private Path folder;

  private static Optional<Path> node() {
    var named = System.getenv("TRANSONNX_NODE");
    return named != null
        ? Optional.of(Path.of(named))
        : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(path -> Path.of(path, "node"))
            .filter(Files::isExecutable)
            .findFirst();
  }

  private String printed(String prompt, int length) throws Exception {
    var node = node();
    Assumptions.assumeTrue(node.isPresent(), "there is no Node: apt-get install nodejs");
    var packages = NodeModules.having("onnxruntime-node");
    var link = Files.createSymbolicLink(folder.resolve("node_modules"), packages);
    var document = PROGRAM.matcher(Files.readString(DOCUMENT));
    document.find();
    Files.writeString(folder.resolve("generate.mjs"), document.group(1));
    var errors = folder.resolve("errors.txt");
    var process =
        new ProcessBuilder(
                node.get().toString(),
                "generate.mjs",
                "model.onnx",
                "model.json",
                prompt,
                String.valueOf(length))
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Files.delete(link);
    assertEquals(0, code, Files.readString(errors));
    return printed;
  }

  @ParameterizedTest
  @CsvSource({
    "trained/x-transformers/bible, --logits=last",
    "trained/block-recurrent-transformer-pytorch/bible, --logits=last",
    "trained/FLASH-pytorch/bible, --cache-dtype=float16"
  })
  void theProgramPrintsTheTextOfTheJavaLoop(String golden, String option) throws Exception {
    var model = DescribedModel.export(golden, folder.resolve("model.onnx"), option);
    assertEquals(model.greedy(PROMPT, 90) + "\n", printed(PROMPT, 90));
  }

  @Test
  void segmentsAndFullContextsAreKept() throws Exception {
    var model =
        DescribedModel.export(
            "cases/x-transformers/xl-recurrence",
            folder.resolve("model.onnx"),
            "--release=1.9.2",
            "--inputs=tokens,mem");
    var prompt = "\t\n\u000b\t".repeat(5);
    assertEquals(model.greedy(prompt, 10) + "\n", printed(prompt, 10));
  }
}
