package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prompts, and the options that select tokens. */
class PromptsTest extends ExportedCases {
  @Test
  void tokensAreContinuedOnOneLine() {
    var model = exported(CASES.resolve("greedy"), "--incremental");
    var run =
        CommandRun.of("generate", model, "--tokens", "1,2,3", "--length", "6", "--greedy")
            .assertDone();
    assertTrue(run.out().matches("\\d+(,\\d+){5}\\R"), run.out());
  }

  @Test
  void severalListsOfTokensAreRows() {
    var model = exported(CASES.resolve("greedy"), "--incremental");
    var rows = List.of("--tokens=5,1,7", "--tokens=3", "--tokens=1,2");
    var expected = new StringBuilder();
    for (var row : rows) {
      expected.append(
          CommandRun.of("generate", model, row, "--length=4", "--greedy").assertDone().out());
    }
    var options = List.of("generate", model, "--length=4", "--greedy");
    var words = Stream.concat(options.stream(), rows.stream()).toArray();
    assertEquals(expected.toString(), CommandRun.of(words).assertDone().out());
    CommandRun.of("generate", model, "--tokens=5", "--tokens=999", "--length=1", "--greedy")
        .assertRefused("token 999 at position 0 of row 1");
    var beams =
        CommandRun.of("generate", model, "--tokens=5", "--tokens=3", "--length=2", "--beams=2");
    assertEquals(4, beams.assertDone().out().lines().count());
  }

  @Test
  void rowsShareTheSource() {
    var encoderDecoder = CASES.resolveSibling("x-transformers").resolve("encoder-decoder");
    var model =
        exported(encoderDecoder, "--inputs", "src,tgt", "--outputs", "logits", "--incremental");
    var one = generated(model, "--tokens=1");
    var other = generated(model, "--tokens=2,3");
    assertEquals(one + other, generated(model, "--tokens=1", "--tokens=2,3"));
  }

  private static String generated(Path model, String... tokens) {
    var options = List.of("generate", model, "--source=4,5,6", "--length=4", "--greedy");
    return CommandRun.of(Stream.concat(options.stream(), Stream.of(tokens)).toArray())
        .assertDone()
        .out();
  }

  @Test
  void tokensAreNumbers() {
    var model = exported(CASES.resolve("greedy"), "--incremental");
    CommandRun.of("generate", model, "--tokens=5,one", "--length=1", "--greedy")
        .assertRefused("'--tokens'", "'5,one' is not a list of tokens, such as 1,2,3");
  }

  @Test
  void textIsContinued() {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var run =
        CommandRun.of("generate", model, "--prompt", "And the LORD", "--length", "20", "--greedy")
            .assertDone();
    assertTrue(run.out().startsWith("And the LORD "), run.out());
    assertEquals(12 + 20 + 1, run.out().length());
  }

  @Test
  void aPromptMayBeOnStandardInput() {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var options = List.of("--length=20", "--greedy");
    var expected = generatedText(model, "And the\nLORD", new byte[0], options);
    for (var input : List.of("And the\nLORD", "And the\nLORD\n", "And the\nLORD\r\n")) {
      assertEquals(expected, generatedText(model, "-", input.getBytes(UTF_8), options), input);
    }
    CommandRun.withInput(new byte[0], "generate", model, "--prompt=-", "--length=1", "--greedy")
        .assertRefused("standard input: the text is empty");
    CommandRun.withInput(
            new byte[] {(byte) 0xC0}, "generate", model, "--prompt=-", "--length=1", "--greedy")
        .assertRefused("standard input: the text is not UTF-8");
  }

  private static String generatedText(
      Path model, String prompt, byte[] input, List<String> options) {
    var words = Stream.concat(Stream.of("generate", model, "--prompt", prompt), options.stream());
    return CommandRun.withInput(input, words.toArray()).assertDone().out();
  }

  @Test
  void aPromptIsNotAFileOfArguments() throws IOException {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var file = Files.writeString(folder.resolve("arguments"), "And the LORD");
    var run =
        CommandRun.of("generate", model, "--prompt", "@" + file, "--length", "1", "--greedy")
            .assertDone();
    assertTrue(run.out().startsWith("@" + file), run.out());
  }

  @Test
  void aLargeVocabularyAcceptsNoText() throws IOException {
    var config = folder.resolve("config.json");
    Files.writeString(
        config,
        """
        {"class": "TokenShiftGPT", "num_tokens": 257, "dim": 8, "max_seq_len": 16, "depth": 1}
        """);
    var weights = folder.resolve("weights.safetensors");
    var output = folder.resolve("large.onnx");
    var gpt = Architectures.of(Library.TOKEN_SHIFT_GPT, Json.read(config));
    new TestWeights()
        .addAll(
            gpt.build(GraphRequest.main()), stored -> new float[(int) stored.shape().elements()])
        .write(weights);
    CommandRun.of(
            "export",
            "--library=token-shift-gpt",
            "--config=" + config,
            "--weights=" + weights,
            "--output=" + output,
            "--incremental")
        .assertDone();
    CommandRun.of("generate", output, "--prompt", "hi", "--length", "1")
        .assertRefused(
            "large.onnx: its 257 tokens are not bytes, and it was exported without a tokenizer");
    CommandRun.of("generate", output, "--tokens", "256", "--length", "1", "--greedy").assertDone();
  }

  @Test
  void aCharacterBeyondTheVocabularyIsRejected() {
    var model = exported(CASES.resolve("base"));
    CommandRun.of("generate", model, "--prompt", "hi", "--length", "1")
        .assertRefused("'h'", "the vocabulary ends at 23");
  }

  @Test
  void aSeedRepeatsTheTokens() {
    var model = exported(CASES.resolve("base"), "--incremental");
    var first = sampled(model, 7);
    assertEquals(first, sampled(model, 7));
    assertNotEquals(first, sampled(model, 8));
  }

  @Test
  void aRandomSeedIsPrintedAndRepeatsTheTokens() {
    var model = exported(CASES.resolve("base"), "--incremental");
    var run = CommandRun.of("generate", model, "--tokens", "1", "--length", "20", "--top-k", "9");
    assertEquals(ExitCode.SUCCESS, run.code());
    var note = Pattern.compile("transonnx: note: --seed (\\d+) generates the same tokens again\\R");
    var seed = note.matcher(run.err());
    assertTrue(seed.matches(), run.err());
    var repeated =
        CommandRun.of(
            "generate", model, "--tokens=1", "--length=20", "--top-k=9", "--seed", seed.group(1));
    assertEquals(run.out(), repeated.assertDone().out());
  }

  private static String sampled(Path model, int seed) {
    return CommandRun.of(
            "generate", model, "--tokens", "1", "--length", "20", "--top-p", "0.9", "--seed", seed)
        .assertDone()
        .out();
  }

  @Test
  void greedyExcludesSampling() {
    var model = exported(CASES.resolve("base"));
    CommandRun.of(
            "generate", model, "--tokens", "1", "--length", "1", "--greedy", "--temperature", "2")
        .assertRefused("--greedy does not sample");
    for (var option :
        List.of("--top-k-threshold=0.9", "--top-p=0.9", "--top-p-threshold=0.9", "--min-p=0.1")) {
      CommandRun.of("generate", model, "--tokens=1", "--length=1", "--greedy", option)
          .assertRefused("--greedy does not sample");
    }
  }

  @Test
  void aShareForTopKNamesTheOptionForShares() {
    var model = exported(CASES.resolve("base"), "--incremental");
    CommandRun.of("generate", model, "--tokens=1", "--length=1", "--top-k=0.9")
        .assertRefused("--top-k is '0.9'", "use --top-k-threshold");
    assertEquals(sampled(model, "--top-k=1"), sampled(model, "--top-k-threshold=1"));
  }

  @Test
  void aMinPOfOneKeepsTheMostLikelyToken() {
    var model = exported(CASES.resolve("base"), "--incremental");
    assertEquals(sampled(model, "--top-k=1"), sampled(model, "--min-p=1"));
    CommandRun.of("generate", model, "--tokens=1", "--length=1", "--min-p=10")
        .assertRefused("min-p is 10.0, not a number from 0 to 1");
  }

  @Test
  void topPCountsInTheOppositeDirectionOfItsThreshold() {
    var model = exported(CASES.resolve("base"), "--incremental");
    assertEquals(sampled(model, "--top-p=0.75"), sampled(model, "--top-p-threshold=0.25"));
    assertNotEquals(sampled(model, "--top-p=0.75"), sampled(model, "--top-p-threshold=0.75"));
    assertEquals(
        sampled(model, "--top-p=0"),
        CommandRun.of("generate", model, "--tokens=1", "--length=20", "--greedy")
            .assertDone()
            .out());
  }

  private static String sampled(Path model, String option) {
    return CommandRun.of("generate", model, "--tokens=1", "--length=20", "--seed=7", option)
        .assertDone()
        .out();
  }
}
