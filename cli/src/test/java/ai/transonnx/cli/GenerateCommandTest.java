package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.weights.TestWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
  private static final Path CASES = Path.of("../golden-tests/cases/x-transformers");

  @TempDir private Path folder;

  private Path exported(String name, String... options) {
    var output = folder.resolve(Path.of(name).getFileName() + ".onnx");
    return CommandRun.exported(CASES.resolve(name), output, options);
  }

  private static CommandRun greedy(Path model, int length, Object... options) {
    var words = new Object[7 + options.length];
    words[0] = "generate";
    words[1] = model;
    words[2] = "--tokens";
    words[3] = "1,2,3";
    words[4] = "--greedy";
    words[5] = "--length";
    words[6] = length;
    System.arraycopy(options, 0, words, 7, options.length);
    return CommandRun.of(words);
  }

  @Test
  void aModelWithoutStateIsNotedAsSlow() {
    assertNoted(greedy(exported("greedy"), 4), "greedy.onnx", "without --incremental");
    greedy(exported("greedy", "--incremental"), 4).assertDone();
  }

  private static void assertNoted(CommandRun run, String... phrases) {
    assertEquals(ExitCode.SUCCESS, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    for (var phrase : phrases) {
      assertTrue(run.err().contains(phrase), run.err());
    }
  }

  @Test
  void aFullContextWindowIsRecomputedUnlessKept() {
    var rotary = exported("greedy-rotary", "--incremental", "--logits", "last");
    greedy(rotary, 22).assertDone();
    var recomputed = greedy(rotary, 40);
    assertNoted(recomputed, "is full at 24 tokens", "recomputes the whole window", "--window keep");
    var kept = greedy(rotary, 40, "--window", "keep");
    assertNoted(kept, "is full at 24 tokens", "results differ from the library's");
    assertEquals(first(kept, 22), first(recomputed, 22));
    var absolute = exported("greedy", "--incremental");
    assertNoted(greedy(absolute, 40), "as in the library; its embeddings", "are absolute");
    greedy(absolute, 40, "--window", "keep")
        .assertRefused("greedy.onnx", "its embeddings of positions are absolute");
    greedy(rotary, 40, "--window", "slide").assertRefused("must be recompute or keep");
  }

  private static String first(CommandRun run, int tokens) {
    var all = run.out().strip().split(",");
    return String.join(",", Arrays.copyOf(all, tokens));
  }

  @Test
  void memoriesOfWholeCallsAreNotContinuedTokenByToken() {
    var memories = exported("xl-recurrence", "--inputs", "tokens,mem", "--outputs", "logits,mem");
    greedy(memories, 4).assertRefused("xl-recurrence.onnx", "export it with --incremental");
    var blocks = Path.of("../block-recurrent-transformer-pytorch/all-qk-rmsnorm");
    var states = exported(blocks.toString(), "--outputs", "logits,xl_memory_0");
    greedy(states, 4).assertRefused("all-qk-rmsnorm.onnx", "export it with --incremental");
  }

  @Test
  void aSmallerOutputVocabularyDoesNotLimitThePrompt() {
    var model = exported("logits-dim");
    var run = CommandRun.of("generate", model, "--tokens", "1,2,20", "--greedy", "--length", 4);
    assertNoted(run, "without --incremental");
    greedy(model, 4, "--stop", "11").assertRefused("token 11 at the stop tokens");
    CommandRun.of("generate", model, "--tokens", "24", "--greedy", "--length", 4)
        .assertRefused("token 24 at position 0 of row 0 is not in the vocabulary: 0 to 23");
  }

  @Test
  void segmentsContinueWithoutLimit() {
    var model =
        exported("xl-recurrence", "--incremental", "--inputs", "tokens,mem", "--outputs", "logits");
    var run = greedy(model, 60).assertDone();
    assertEquals(60, run.out().split(",").length);
  }

  @Test
  void anEncoderDecoderTakesASource() {
    var model =
        exported("encoder-decoder", "--inputs", "src,tgt", "--outputs", "logits", "--incremental");
    var run = greedy(model, 4, "--source", "4,5,6").assertDone();
    assertEquals(4, run.out().split(",").length);
    greedy(model, 4).assertRefused("encoder-decoder.onnx", "add --source");
    String longest = "1" + ",2".repeat(15);
    greedy(model, 4, "--source", longest).assertDone();
    greedy(model, 4, "--source", longest + ",3")
        .assertRefused("input 'src' is int64[1, 17]; the encoder has 16 positions");
    greedy(model, 4, "--source", "").assertRefused("--source is ''");
    greedy(model, 4, "--source", "4,-1,6")
        .assertRefused("token -1 at position 1 of row 0 of input 'src' is negative");
    greedy(model, 4, "--source", "4,99,6")
        .assertRefused("token 99 at position 1 of row 0 of input 'src'", "0 to 23");
    greedy(model, 4, "--source", "four").assertRefused("--source is 'four'", "comma-separated");
    greedy(exported("greedy"), 4, "--source", "4").assertRefused("has no source");
  }

  @Test
  void aContextComesFromAFile() throws IOException {
    var model =
        exported(
            "cross-attend", "--inputs", "tokens,context", "--outputs", "logits", "--incremental");
    var context = folder.resolve("context.safetensors");
    new TestWeights().addCounting("context", 1, 3, 16).write(context);
    var run = greedy(model, 4, "--inputs", context).assertDone();
    assertEquals(4, run.out().split(",").length);
    greedy(model, 4).assertRefused("[context float32[batch, context_length, 16]]");
    var recorded = CASES.resolve("cross-attend").resolve("io.safetensors");
    greedy(model, 4, "--inputs", recorded)
        .assertRefused("has no input '0/in/context'; besides tokens it takes [context float32[");
    new TestWeights().addCounting("context", 2, 3, 16).write(context);
    greedy(model, 4, "--inputs", context).assertRefused("'context' is float32[2, 3, 16] for 1 row");
    new TestWeights().addCounting("past_position", 1).write(context);
    greedy(model, 4, "--inputs", context).assertRefused("has no input 'past_position'");
    var damaged = folder.resolve("damaged.npz");
    Files.writeString(damaged, "PK");
    greedy(model, 4, "--inputs", damaged).assertRefused("damaged.npz");
  }

  @Test
  void aModelOfVectorsIsRejected() {
    greedy(exported("continuous-generate", "--incremental"), 4)
        .assertRefused("continues vectors, not tokens", "VectorGenerator");
  }

  @Test
  void aModelThatCannotBeIncrementalIsRejectedWithTheReason() {
    CommandRun.of(
            "export",
            "--case",
            CASES.resolve("rotary-xpos"),
            "--incremental",
            "--output",
            folder.resolve("x.onnx"))
        .assertRefused("'rotary_xpos' scales values");
  }
}
