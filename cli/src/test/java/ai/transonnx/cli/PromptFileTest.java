package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files with a prompt in each line. */
class PromptFileTest extends ExportedCases {
  private CommandRun run(Path model, String lines, Object... options) throws IOException {
    var file = Files.writeString(folder.resolve("prompts.jsonl"), lines);
    var words = new ArrayList<Object>(List.of("generate", model, "--prompts", file));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  private static List<JsonNode> results(CommandRun run) {
    return run.out().lines().map(Json::parse).toList();
  }

  private static String text(JsonNode result) {
    return result.path("text").asText();
  }

  @Test
  void eachLineIsContinuedInOrder() throws IOException {
    var model = BpeModel.exported(folder);
    var lines =
        """
        {"id": "first", "prompt": "A cat 🐱"}

        {"id": 2, "tokens": [33, 274], "length": 3}
        """;
    var results = results(run(model, lines, "--length=8", "--greedy").assertDone());
    assertEquals(2, results.size());
    assertEquals("first", results.get(0).path("id").asText());
    assertEquals(1, results.get(0).path("line").asInt());
    assertEquals(8, results.get(0).path("tokens").size());
    assertEquals("length", results.get(0).path("finish_reason").asText());
    var alone =
        CommandRun.of("generate", model, "--prompt=A cat 🐱", "--length=8", "--greedy").out();
    assertEquals(alone, "A cat 🐱" + text(results.get(0)) + System.lineSeparator());
    assertEquals(2, results.get(1).path("id").asInt());
    assertEquals(3, results.get(1).path("line").asInt());
    assertEquals(3, results.get(1).path("tokens").size());
  }

  @Test
  void aBatchHasTheResultsOfItsLines() throws IOException {
    var model = BpeModel.exported(folder);
    var lines = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      lines.append("{\"prompt\": \"%s\"}%n".formatted("word ".repeat(i + 1)));
    }
    var single = run(model, lines.toString(), "--length=6", "--greedy").assertDone();
    var batched = run(model, lines.toString(), "--length=6", "--greedy", "--batch=3").assertDone();
    assertEquals(single.out(), batched.out());
    assertEquals(7, results(single).size());
  }

  @Test
  void anInvalidLineHasAnErrorAndOthersAreContinued() throws IOException {
    var model = BpeModel.exported(folder);
    var lines =
        """
        {"prompt": "good"}
        {"prompt": 3}
        no JSON
        {"prompt": "a", "tokns": 1}
        {"prompt": "a", "tokens": [1]}
        {"id": "x", "tokens": [1, 2000]}
        {"tokens": []}
        {"prompt": "a", "length": -1}
        {"prompt": "a", "top_p": 7, "greedy": false}
        {"prompt": "a", "stop": [1]}
        {"prompt": "a", "source": "b"}
        [1]
        {"prompt": "good"}
        """;
    var run = run(model, lines, "--length=4", "--greedy", "--batch=4");
    assertEquals(ExitCode.INVALID_INPUT, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(
        run.err()
            .contains("prompts.jsonl: 11 of 13 lines failed; the first is line 2: 'prompt' is"),
        run.err());
    var results = results(run);
    assertEquals(13, results.size());
    assertEquals(text(results.get(0)), text(results.get(12)));
    var problems =
        List.of(
            "'prompt' is 3, not a text",
            "not JSON: ",
            "unknown field 'tokns'; did you mean 'tokens'?",
            "one of 'prompt', a text, and 'tokens', a list, is needed",
            "token 2000 at position 1 of the prompt is not in the vocabulary: 0 to 1999",
            "the prompt is empty",
            "length is -1; it must be 0 or more",
            "top-p is 7.0, not a number from 0 to 1",
            "'stop' is 1, not a text",
            "has no source",
            "a JSON object is needed, not [1]");
    for (int i = 0; i < problems.size(); i++) {
      var result = results.get(i + 1);
      assertEquals(i + 2, result.path("line").asInt());
      var error = result.path("error").asText();
      assertTrue(error.contains(problems.get(i)), error);
    }
    assertEquals("x", results.get(5).path("id").asText());
  }

  @Test
  void optionsOfALineReplaceThoseOfTheCommand() throws IOException {
    var model = BpeModel.exported(folder);
    var lines =
        """
        {"prompt": "A cat", "seed": 7, "temperature": 2, "top_k": 50}
        {"prompt": "A cat", "greedy": true, "length": 4}
        {"prompt": "A cat"}
        {"prompt": "A cat", "min_p": 1, "length": 4}
        """;
    var results = results(run(model, lines, "--length=9", "--seed=5").assertDone());
    assertEquals(7, results.get(0).path("seed").asInt());
    assertEquals(results.get(1).path("tokens"), results.get(3).path("tokens"));
    assertTrue(results.get(1).path("seed").isMissingNode());
    assertEquals(4, results.get(1).path("tokens").size());
    assertEquals(5, results.get(2).path("seed").asInt());
    var alone =
        CommandRun.of(
                "generate",
                model,
                "--prompt=A cat",
                "--length=9",
                "--seed=7",
                "--temperature=2",
                "--top-k=50")
            .assertDone();
    assertEquals(alone.out(), "A cat" + text(results.get(0)) + System.lineSeparator());
  }

  @Test
  void aStopOfALineEndsItsText() throws IOException {
    var model = BpeModel.exported(folder);
    var all = text(results(run(model, "{\"prompt\": \"It\"}", "--length=12", "--greedy")).get(0));
    var stop = all.substring(4, 7);
    var line = "{\"prompt\": \"It\", \"stop\": [\"never there\", %s]}";
    var quoted = Json.compact(TextNode.valueOf(stop));
    var result =
        results(run(model, line.formatted(quoted), "--length=12", "--greedy").assertDone()).get(0);
    assertEquals(all.substring(0, all.indexOf(stop)), text(result));
    assertEquals("stop", result.path("finish_reason").asText());
  }

  @Test
  void aSourceBelongsToItsLine() throws IOException {
    var model =
        exported(
            CASES.resolve("../x-transformers/encoder-decoder"),
            "--inputs=src,tgt",
            "--outputs=logits",
            "--incremental");
    var lines =
        """
        {"tokens": [1], "source_tokens": [4, 5, 6]}
        {"tokens": [1], "source_tokens": [7]}
        {"tokens": [1]}
        """;
    var run = run(model, lines, "--length=4", "--greedy", "--batch=3");
    var results = results(run);
    for (int i = 0; i < 2; i++) {
      var source = i == 0 ? "4,5,6" : "7";
      var alone =
          CommandRun.of(
                  "generate", model, "--tokens=1", "--source", source, "--length=4", "--greedy")
              .assertDone();
      assertEquals(
          alone.out().strip(),
          Json.compact(results.get(i).path("tokens")).replaceAll("[\\[\\]]", ""));
    }
    assertTrue(results.get(2).path("error").asText().contains("requires a source"), run.out());
  }

  @Test
  void malformedTextIsAnErrorOfItsLine() throws IOException {
    var model = BpeModel.exported(folder);
    var file = folder.resolve("latin.jsonl");
    Files.writeString(
        file, "{\"prompt\": \"é\"}\n{\"tokens\": [1]}\n", StandardCharsets.ISO_8859_1);
    var run = CommandRun.of("generate", model, "--prompts", file, "--length=1", "--greedy");
    assertEquals("not UTF-8", results(run).get(0).path("error").asText());
    assertEquals(1, results(run).get(1).path("tokens").size());
  }

  @Test
  void aLineThatIsTooLongIsAProblemOfItsOwn() throws IOException {
    var file = Files.writeString(folder.resolve("long.jsonl"), "x".repeat(30) + "\n\r\n{}");
    try (var reader = new LineReader(file, 20)) {
      assertEquals(
          Optional.of("too long: a line may have at most 20 bytes"),
          reader.next().orElseThrow().problem());
      assertEquals(new LineReader.Line(3, "{}", Optional.empty()), reader.next().orElseThrow());
      assertEquals(Optional.empty(), reader.next());
    }
  }

  @Test
  void aPromptBeyondTheWindowHasANote() throws IOException {
    var model = BpeModel.exported(folder);
    var line = "{\"prompt\": \"%s\"}".formatted("a ".repeat(70));
    var result = results(run(model, line, "--length=1", "--greedy").assertDone()).get(0);
    assertTrue(result.path("note").asText().endsWith("tokens have no effect"), result.toString());
  }

  @Test
  void aTextWithoutATokenizerIsAnErrorOfItsLine() throws IOException {
    var model = folder.resolve("untokenized.onnx");
    BpeModel.export(model).assertDoneWithNote("'net.'");
    var lines = "{\"prompt\": \"a\"}\n{\"tokens\": [1]}\n";
    var results = results(run(model, lines, "--length=1", "--greedy"));
    assertTrue(results.get(0).path("error").asText().contains("(--tokenizer)"));
    assertEquals(1, results.get(1).path("tokens").size());
    assertTrue(results.get(1).path("text").isMissingNode());
  }

  @Test
  void optionsOfFilesAreChecked() throws IOException {
    var model = exported(CASES.resolve("base"), "--incremental");
    run(model, "", "--length=1", "--batch=0").assertRefused("--batch is 0; it must be 1 or more");
    CommandRun.of("generate", model, "--tokens=1", "--length=1", "--batch=2")
        .assertRefused("--batch needs --prompts");
    CommandRun.of("generate", model, "--prompts", folder, "--length=1")
        .assertRefused("this is a directory; a file is needed");
    CommandRun.of("generate", model, "--prompts=/dev/zero", "--length=1")
        .assertRefused("/dev/zero: this is a pipe or a device; a file is needed");
    CommandRun.of("generate", model, "--prompt=a", "--tokenizer=/dev/zero", "--length=1")
        .assertRefused("/dev/zero: this is a pipe or a device; a file is needed");
    assertEquals("", run(model, "", "--length=1", "--greedy").assertDone().out());
  }
}
