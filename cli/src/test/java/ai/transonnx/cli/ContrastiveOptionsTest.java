package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContrastiveOptionsTest {
  private static final Path CASES = Path.of("../golden-tests/cases/x-transformers");

  @TempDir private Path folder;
  private Path expert = Path.of("");
  private Path amateur = Path.of("");

  @BeforeEach
  void export() {
    expert =
        CommandRun.exported(
            CASES.resolve("greedy"), folder.resolve("expert.onnx"), "--incremental");
    amateur =
        CommandRun.exported(
            CASES.resolve("greedy-rotary"), folder.resolve("amateur.onnx"), "--incremental");
  }

  private CommandRun generate(Object... options) {
    var words = new Object[4 + options.length];
    words[0] = "generate";
    words[1] = expert;
    words[2] = "--length=8";
    words[3] = "--greedy";
    System.arraycopy(options, 0, words, 4, options.length);
    return CommandRun.of(words);
  }

  @Test
  void theLogitsOfTheAmateurAreSubtracted() {
    var alone = generate("--tokens=1,2,3").assertDone().out();
    assertNotEquals(
        alone,
        generate(
                "--tokens=1,2,3",
                "--amateur",
                amateur,
                "--contrastive-beta=4",
                "--contrastive-alpha=0")
            .assertDone()
            .out());
    assertEquals(
        alone,
        generate("--tokens=1,2,3", "--amateur", amateur, "--contrastive-beta=0")
            .assertDone()
            .out());
    assertEquals(
        alone,
        generate("--tokens=1,2,3", "--amateur", amateur, "--contrastive-alpha=1")
            .assertDone()
            .out());
  }

  @Test
  void theLinesOfAFileAreContrasted() throws IOException {
    var file = folder.resolve("prompts.jsonl");
    Files.writeString(
        file,
        """
        {"tokens": [1, 2, 3]}
        {"tokens": [4]}
        """);
    Object[] contrast = {"--amateur", amateur, "--contrastive-beta=4", "--contrastive-alpha=0"};
    var alone = generate("--tokens=1,2,3", contrast[0], contrast[1], contrast[2], contrast[3]);
    var lines =
        generate(
            "--prompts", file, "--batch=2", contrast[0], contrast[1], contrast[2], contrast[3]);
    assertEquals(
        alone.assertDone().out().strip(),
        lines
            .assertDone()
            .out()
            .lines()
            .findFirst()
            .orElseThrow()
            .replaceAll(".*\"tokens\":\\[|].*", ""));
  }

  @Test
  void invalidOptionsAreRejected() {
    generate("--tokens=1", "--contrastive-alpha=0.1")
        .assertRefused("--contrastive-alpha needs --amateur");
    generate("--tokens=1", "--contrastive-beta=0.1")
        .assertRefused("--contrastive-beta needs --amateur");
    generate("--tokens=1", "--amateur", amateur, "--contrastive-alpha=2")
        .assertRefused("contrastive alpha is 2.0, not a number from 0 to 1");
    generate("--tokens=1", "--amateur", folder.resolve("none.onnx")).assertRefused("none.onnx");
  }

  @Test
  void anAmateurOfAnotherVocabularyIsRejected() {
    var other =
        CommandRun.exported(
            CASES.resolve("logits-dim"), folder.resolve("other.onnx"), "--incremental");
    generate("--tokens=1", "--amateur", other)
        .assertRefused("logits and the amateur", "both need the same vocabulary");
  }
}
