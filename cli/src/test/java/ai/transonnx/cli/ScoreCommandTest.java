package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.scoring.Scorer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreCommandTest extends ExportedCases {
  private static final String TEXT = "In the beginning God created the heaven";
  private static final double ROUNDING = 1e-4;

  private static JsonNode score(Path model, Object... options) {
    var words = new ArrayList<Object>(List.of("score", model));
    words.addAll(List.of(options));
    words.add("--json");
    return Json.parse(CommandRun.of(words.toArray()).assertDone().out());
  }

  private Path trained(String... options) {
    return exported(TRAINED, options);
  }

  private Path written(String text) throws IOException {
    return Files.writeString(folder.resolve("text"), text);
  }

  private static double[] values(JsonNode list) {
    var values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.path(i).asDouble();
    }
    return values;
  }

  private static double[] logs(JsonNode score) {
    return values(score.path("sequences").path(0).path("log_probabilities"));
  }

  private static void assertNear(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], ROUNDING, "token " + i);
    }
  }

  @Test
  void eachTokenAfterTheFirstHasALogProbability() throws IOException {
    var model = trained("--outputs", "logits");
    var json = score(model, "--text", written(TEXT));
    long[] tokens = TEXT.chars().asLongStream().toArray();
    try (var loaded = OnnxModel.load(model)) {
      double[] bits = Scorer.of(loaded).bits(tokens);
      var expected = new double[bits.length];
      for (int i = 0; i < bits.length; i++) {
        expected[i] = -bits[i] * Math.log(2);
      }
      assertNear(expected, logs(json));
      assertEquals(
          Math.pow(2, Scorer.of(loaded).bitsPerToken(tokens)),
          json.path("perplexity").asDouble(),
          ROUNDING);
    }
    assertEquals(tokens.length - 1, json.path("scored_tokens").asInt());
    assertEquals('I', json.path("sequences").path(0).path("tokens").path(0).asInt());
  }

  @Test
  void anIncrementalModelWithTheLastLogitsGivesTheSameScores() throws IOException {
    var text = written(TEXT);
    var whole = logs(score(trained("--outputs", "logits"), "--text", text));
    assertNear(whole, logs(score(trained("--outputs", "logits", "--incremental"), "--text", text)));
    var stepped = trained("--outputs", "logits", "--incremental", "--logits", "last");
    assertNear(whole, logs(score(stepped, "--text", text)));
    var windows = logs(score(stepped, "--text", text, "--context", "7"));
    assertNear(
        logs(score(trained("--outputs", "logits"), "--text", text, "--context", "7")), windows);
  }

  @Test
  void aModelOfFixedLengthScoresShorterTexts() throws IOException {
    var text = written(TEXT);
    var expected = logs(score(trained("--outputs", "logits"), "--text", text, "--context", "16"));
    var fixed = trained("--outputs", "logits", "--length", "16");
    assertNear(expected, logs(score(fixed, "--text", text)));
  }

  @Test
  void eachLineIsATextOfItsOwn() throws IOException {
    var model = trained("--outputs", "logits");
    var text = TEXT + "\n\nAnd God said\n";
    var json = score(model, "--lines", written(text));
    assertEquals(2, json.path("sequences").size());
    assertNear(logs(json), logs(score(model, "--text", written(TEXT))));
    var input =
        CommandRun.withInput(text.getBytes(UTF_8), "score", model, "--lines", "-", "--json");
    assertEquals(json, Json.parse(input.assertDone().out()));
    var table = CommandRun.of("score", model, "--lines", written(text)).assertDone().out();
    assertTrue(table.contains(": 2 sequences, context 256\n"), table);
    assertTrue(table.contains("\n  all               49  "), table);
  }

  @Test
  void tokensNeedNoTokenizer() throws IOException {
    var model = trained("--outputs", "logits");
    var expected = logs(score(model, "--text", written("In the")));
    var tokens = written("73,110,32 116 104 101\n");
    assertNear(expected, logs(score(model, "--tokens", tokens)));
    CommandRun.of("score", model, "--tokens", tokens, "--add-special-tokens")
        .assertRefused("--tokens needs no tokenizer");
  }

  @Test
  void invalidSequencesAreRefused() throws IOException {
    var model = trained("--outputs", "logits");
    CommandRun.of("score", model, "--text", written("a")).assertRefused("has 1 token; 2 tokens");
    CommandRun.of("score", model, "--lines", written("ab\nc\n"))
        .assertRefused("line 2 has 1 token");
    CommandRun.of("score", model, "--lines", written("\n \n")).assertRefused("has no line");
    CommandRun.of("score", model, "--tokens", written("1,2\n3,999\n"))
        .assertRefused("token 999 at position 1 of", "sequence 2");
    CommandRun.of("score", model, "--text", written("ab"), "--context", "257")
        .assertRefused("--context is 257", "allows 1 to 256");
    CommandRun.of("score", model).assertRefused("--text", "--lines", "--tokens");
    CommandRun.withInput(new byte[0], "score", model, "--text", "-")
        .assertRefused("standard input: the text is empty");
  }

  @Test
  void modelsThatDoNotPredictTheNextTokenAreRefused() throws IOException {
    var cases = CASES.resolveSibling("x-transformers");
    var tokens = written("1,2,3,4,5,6\n");
    CommandRun.of("score", exported(cases.resolve("vit")), "--tokens", tokens)
        .assertRefused("it does not predict tokens");
    var masked = exported(cases.resolve("alibi-encoder"), "--outputs", "logits");
    CommandRun.of("score", masked, "--tokens", tokens)
        .assertRefused("its predictions depend on the tokens after them");
    var context = exported(cases.resolve("cross-attend"), "--inputs", "tokens,context");
    CommandRun.of("score", context, "--tokens", tokens)
        .assertRefused("it has inputs besides tokens");
  }
}
