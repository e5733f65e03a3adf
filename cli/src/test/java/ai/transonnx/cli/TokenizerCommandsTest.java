package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tokenizer of a model: from a trainer's files to text. */
class TokenizerCommandsTest extends ExportedCases {
  private static final String PROMPT = "A cat 🐱 and";
  private static final String METADATA = "transonnx.tokenizer_sha256";

  private static CommandRun generate(Path model, Object... options) {
    var words =
        Stream.concat(Stream.of("generate", model, "--length=20", "--greedy"), Stream.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void aTrainersFilesBecomeTextWithTwoCommands() {
    var model = BpeModel.exported(folder);
    var run = generate(model, "--prompt", PROMPT).assertDone();
    try (var loaded = OnnxModel.load(model);
        var tokenizer = Tokenizers.of(loaded)) {
      var options = GenerationOptions.builder(20).greedy().build();
      var generation = Generator.of(loaded).generate(tokenizer.encode(PROMPT), options);
      var all = Stream.of(tokenizer.encode(PROMPT), generation.tokens(0));
      long[] tokens = all.flatMapToLong(Arrays::stream).toArray();
      assertEquals(tokenizer.decode(tokens) + System.lineSeparator(), run.out());
      assertTrue(run.out().startsWith(PROMPT), run.out());
    }
  }

  @Test
  void theCopyAndItsHashBelongToTheModel() throws IOException {
    var model = BpeModel.exported(folder);
    var copy = BpeModel.beside(model);
    assertArrayEquals(Files.readAllBytes(BpeModel.TOKENIZER), Files.readAllBytes(copy));
    assertTrue(OnnxSummary.read(model).metadata().get(METADATA).matches("[0-9a-f]{64}"));
    Files.writeString(copy, Files.readString(copy) + " ");
    generate(model, "--prompt=a")
        .assertRefused(
            "bpe.onnx: its tokenizer bpe.onnx.tokenizer.json is not the one that it was");
    Files.delete(copy);
    generate(model, "--prompt=a")
        .assertRefused("bpe.onnx: its tokenizer bpe.onnx.tokenizer.json is missing");
    generate(model, "--tokens=1").assertDone();
    var named = generate(model, "--prompt=a", "--tokenizer", BpeModel.TOKENIZER).assertDone();
    assertTrue(named.out().startsWith("a"), named.out());
  }

  @Test
  void anExportWithoutATokenizerRemovesThatOfTheModelItReplaces() throws IOException {
    var model = BpeModel.exported(folder);
    BpeModel.export(model).assertDoneWithNote("'net.'");
    assertFalse(Files.exists(BpeModel.beside(model)));
    assertFalse(OnnxSummary.read(model).metadata().containsKey(METADATA));
    Files.writeString(BpeModel.beside(model), "a file of the user");
    BpeModel.export(model).assertDoneWithNote("'net.'");
    assertTrue(Files.exists(BpeModel.beside(model)));
    generate(model, "--prompt=a").assertRefused("its 2000 tokens are not bytes", "--tokenizer");
  }

  @Test
  void theTokenizerBesideTheModelCanBeExportedAgain() {
    var model = BpeModel.exported(folder);
    BpeModel.export(model, "--tokenizer", BpeModel.beside(model)).assertDoneWithNote("'net.'");
    generate(model, "--prompt=a").assertDone();
  }

  private static String words(int count) {
    var vocabulary = new StringBuilder("\"word0\": 0");
    for (int i = 1; i < count; i++) {
      vocabulary.append(", \"word%s\": %s".formatted(i, i));
    }
    return "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"word0\", \"vocab\": {%s}}}"
        .formatted(vocabulary);
  }

  @Test
  void aTokenizerWithMoreTokensThanTheModelIsThatOfAnother() throws IOException {
    var large = Files.writeString(folder.resolve("large.json"), words(2001));
    var output = folder.resolve("refused.onnx");
    BpeModel.export(output, "--tokenizer", large)
        .assertRefused(
            "large.json: has 2001 tokens, but the model's input 'tokens' has 2000",
            "this is the tokenizer of another model");
    assertFalse(Files.exists(output));
    assertFalse(Files.exists(BpeModel.beside(output)));
    var model = BpeModel.exported(folder);
    generate(model, "--prompt=a", "--tokenizer", large)
        .assertRefused("large.json: has 2001 tokens, but the input 'tokens' of", "has 2000");
  }

  @Test
  void aTokenizerWithFewerTokensIsNoted() throws IOException {
    var small = Files.writeString(folder.resolve("small.json"), words(1990));
    var run = BpeModel.export(folder.resolve("small.onnx"), "--tokenizer", small);
    assertEquals(ExitCode.SUCCESS, run.code(), run.err());
    assertTrue(run.err().contains("the tokenizer has 1990 tokens"), run.err());
  }

  @Test
  void anInvalidTokenizerLeavesNoFile() throws IOException {
    var output = folder.resolve("refused.onnx");
    var invalid = Files.writeString(folder.resolve("invalid.json"), "{}");
    BpeModel.export(output, "--tokenizer", invalid).assertRefused("invalid.json: not a tokenizer");
    BpeModel.export(output, "--tokenizer", folder.resolve("none.json"))
        .assertRefused("none.json: no such file");
    try (var left = Files.list(folder)) {
      assertEquals(List.of(invalid), left.toList());
    }
  }

  @Test
  void aModelWithoutTokensTakesNoTokenizer() {
    CommandRun.of(
            "export",
            "--case",
            CASES.resolve("../x-transformers/bare-decoder"),
            "--output",
            folder.resolve("decoder.onnx"),
            "--tokenizer",
            BpeModel.TOKENIZER)
        .assertRefused("tokenizer.json: the model has no input of tokens");
  }

  @Test
  void aStopTextEndsTheTextWhereverItsTokensEnd() {
    var model = BpeModel.exported(folder);
    var all = generate(model, "--prompt", PROMPT).assertDone().out().strip();
    var stop = all.substring(PROMPT.length() + 7, PROMPT.length() + 12);
    var stopped =
        generate(model, "--prompt", PROMPT, "--stop=never there", "--stop", stop).assertDone();
    assertEquals(
        all.substring(0, all.indexOf(stop, PROMPT.length())) + System.lineSeparator(),
        stopped.out());
  }

  @Test
  void aStopOfTokensIsAListOfTokens() {
    var model = BpeModel.exported(folder);
    var tokens = generate(model, "--tokens=33,274").assertDone().out().strip().split(",");
    var first = tokens[0] + System.lineSeparator();
    assertEquals(first, generate(model, "--tokens=33,274", "--stop", tokens[0]).out());
    assertEquals(first, generate(model, "--tokens=33,274", "--stop-tokens", tokens[0]).out());
    generate(model, "--tokens=1", "--stop=word")
        .assertRefused("--stop is 'word'; with --tokens it must be comma-separated tokens");
    generate(model, "--prompt=a", "--stop=").assertRefused("--stop is ''");
    generate(model, "--tokens=1", "--tokenizer", BpeModel.TOKENIZER)
        .assertRefused("--tokens needs no tokenizer");
  }

  @Test
  void aPromptThatEndsWithAStopIsContinued() {
    var model = BpeModel.exported(folder);
    var run =
        generate(model, "--prompt=a<|endoftext|>", "--stop=<|endoftext|>", "--stop-tokens=0")
            .assertDone();
    assertTrue(run.out().strip().length() > "a<|endoftext|>".length() + 3, run.out());
  }

  @Test
  void aPromptBeyondTheWindowIsNotedBeforeAnythingIsPrinted() {
    var model = BpeModel.exported(folder);
    var shared = new StringWriter();
    var out = new PrintWriter(shared);
    Transonnx.run(
        out,
        out,
        "generate",
        model.toString(),
        "--length=1",
        "--greedy",
        "--prompt=" + "a ".repeat(70));
    var lines = shared.toString().lines().toList();
    assertTrue(
        lines.get(0).startsWith("transonnx: note: the prompt has 71 tokens")
            && lines.get(0).endsWith("tokens have no effect"),
        shared.toString());
    assertTrue(lines.get(2).startsWith("a a a"), shared.toString());
  }

  @Test
  void aTextIsScoredWithTheModelsTokenizer() {
    var model = folder.resolve("scored.onnx");
    CommandRun.of(
            "export",
            "--config=" + BpeModel.FOLDER.resolve("config.json"),
            "--weights=" + BpeModel.FOLDER.resolve("model-1000.pt"),
            "--output=" + model,
            "--tokenizer=" + BpeModel.TOKENIZER)
        .assertDoneWithNote("'net.'");
    try (var loaded = OnnxModel.load(model);
        var tokenizer = Tokenizers.of(loaded)) {
      assertTrue(Scorer.of(loaded).bitsPerToken(tokenizer.encode(PROMPT)) > 1);
    }
  }
}
