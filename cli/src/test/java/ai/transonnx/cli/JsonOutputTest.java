package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs read: one JSON value on standard output, and nothing else there. */
class JsonOutputTest extends ExportedCases {
  private static JsonNode json(CommandRun run) {
    return Json.parse(run.out());
  }

  private static List<String> keys(JsonNode object) {
    var keys = new ArrayList<String>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private CommandRun export(Object... options) {
    var words = new ArrayList<Object>(List.of("export", "--output", folder.resolve("model.onnx")));
    words.addAll(List.of(options));
    words.add("--json");
    return CommandRun.of(words.toArray());
  }

  @Test
  void anExportReportsItsFiles() throws IOException {
    var run = export("--case", CASES.resolve("discounted"), "--incremental", "--external-data");
    var json = json(run.assertDone());
    assertEquals(
        List.of(
            "format",
            "files",
            "bytes",
            "library",
            "weights_sha256",
            "opset",
            "opsets",
            "inputs",
            "outputs",
            "state",
            "warnings"),
        keys(json));
    assertEquals(1, json.path("format").asInt());
    long bytes = 0;
    for (var file : json.path("files")) {
      long size = Files.size(Path.of(file.path("file").asText()));
      assertEquals(size, file.path("bytes").asLong());
      bytes += size;
    }
    assertEquals(2, json.path("files").size());
    assertEquals(bytes, json.path("bytes").asLong());
    assertEquals(23, json.path("opset").asInt());
    assertEquals("tokens", json.path("inputs").path(0).path("name").asText());
    assertEquals("int64", json.path("inputs").path(0).path("type").asText());
    assertEquals("[\"batch\",\"length\"]", json.path("inputs").path(0).path("shape").toString());
    var state = OnnxSummary.read(folder.resolve("model.onnx")).metadata().get("transonnx.state");
    assertEquals(Json.parse(state), json.path("state"));
    assertEquals(0, json.path("warnings").size());
  }

  @Test
  void warningsOfAnExportAreInBothOutputs() {
    var run =
        export(
            "--config",
            CASES.resolve("../x-transformers/palm-like/case.json"),
            "--weights",
            FORMATS.resolve("wrapped.pt"));
    assertEquals(ExitCode.SUCCESS, run.code(), run.err());
    var warning = json(run).path("warnings").path(0).asText();
    assertTrue(warning.contains("'net.'"), warning);
    assertEquals("transonnx: note: " + warning + System.lineSeparator(), run.err());
  }

  @Test
  void anExportThatFailsPrintsNoJson() {
    var run = export("--case", CASES.resolve("none"));
    run.assertRefused("none");
  }

  @Test
  void aModelIsInspected() {
    var model = exported(CASES.resolve("discounted"), "--incremental");
    var json = json(CommandRun.of("inspect", model, "--json").assertDone());
    assertEquals("onnx", json.path("kind").asText());
    assertEquals(model.toString(), json.path("file").asText());
    assertEquals("token-shift-gpt", json.path("metadata").path("transonnx.library").asText());
    assertTrue(json.path("state").isArray() && !json.path("state").isEmpty(), json.toString());
    var parameter = json.path("parameters").path(0);
    assertTrue(parameter.path("bytes").asLong() > 0, parameter.toString());
    assertTrue(json.path("operators").path("Gemm").asInt() > 0, json.toString());
    assertEquals("ai.transonnx", json.path("functions").path(0).path("domain").asText());
    assertFalse(json.has("proof"));
  }

  @Test
  void aCheckpointIsInspected() {
    var file = FORMATS.resolve("checkpoint.pt");
    var json = json(CommandRun.of("inspect", file, "--json").assertDone());
    assertEquals("weights", json.path("kind").asText());
    assertEquals("PyTorch zip", json.path("container").asText());
    var tensor = json.path("tensors").path(0);
    assertEquals(List.of("name", "type", "shape", "bytes"), keys(tensor));
    var model = json.path("models").path(0);
    assertEquals("x-transformers", model.path("library").asText());
    assertEquals(
        "TransformerWrapper", model.path("document").path("config").path("class").asText());
    assertTrue(texts(model.path("releases").path("possible")).contains("1.9.2"), model.toString());
    assertTrue(keys(model.path("undetermined")).contains("attn_layers.class"), model.toString());
    assertTrue(json.path("others").has("optimizer"), json.toString());
  }

  @Test
  void theStateOfAStrangersModelMayBeAnything() throws IOException {
    var model = exported(CASES.resolve("discounted"), "--incremental");
    var bytes = new String(Files.readAllBytes(model), ISO_8859_1);
    Files.write(model, bytes.replace("[{\"input\"", "[{'input\"").getBytes(ISO_8859_1));
    var json = json(CommandRun.of("inspect", model, "--json").assertDone());
    assertTrue(json.path("state").isNull(), json.path("state").toString());
  }

  @Test
  void aVerificationIsPrinted() {
    var model = exported(CASES.resolve("base"));
    var json = json(CommandRun.of("verify", model, "--json").assertDone());
    assertEquals("PASSED", json.path("runners").path(0).path("status").asText());
    CommandRun.of("verify", "--json", model)
        .assertRefused("specify MODEL.onnx", "'%s' is the file of --json".formatted(model));
  }

  @Test
  void aBaselineIsComparedOnStandardErrorIfJsonIsPrinted() {
    var model = exported(CASES.resolve("base"));
    var old = folder.resolve("old.json");
    CommandRun.of("verify", model, "--json", old).assertDone();
    var run = CommandRun.of("verify", model, "--seed", 3, "--baseline", old, "--json");
    assertEquals(3, json(run).path("seed").asInt());
    assertTrue(run.err().startsWith("compared with the report of "), run.err());
  }

  @Test
  void casesAreVerified() throws IOException {
    var file = folder.resolve("cases.json");
    var run = CommandRun.of("verify", "--cases", CASES.resolve("base"), "--json", file);
    assertTrue(run.assertDone().out().startsWith("ok "), run.out());
    var printed = CommandRun.of("verify", "--cases", CASES.resolve("base"), "--json").assertDone();
    assertEquals(Json.read(file), json(printed));
    var json = json(printed);
    assertTrue(json.path("agree").asBoolean());
    assertEquals(6, json.path("cases").path(0).path("checks").asInt());
    Files.writeString(folder.resolve("case.json"), "{}");
    var failed = CommandRun.of("verify", "--cases", folder, "--json");
    assertEquals(ExitCode.FAILED, failed.code());
    assertTrue(
        json(failed).path("cases").path(0).path("failures").path(0).asText().contains("'library'"));
  }

  @Test
  void aProofIsPrinted() {
    var model = exported(CASES.resolve("base"), "--verify");
    var json = json(CommandRun.of("verify", model, "--proof", "--json").assertDone());
    assertTrue(json.path("belongs").asBoolean());
    assertEquals(json.path("sha256"), json.path("proof").path("sha256"));
    assertTrue(json(CommandRun.of("inspect", model, "--json").assertDone()).has("proof"));
  }

  @Test
  void aComparisonIsPrinted() {
    var model = exported(CASES.resolve("base"));
    var run =
        CommandRun.of(
            "quality", model, "--against", model, "--case", CASES.resolve("base"), "--json");
    var json = json(run.assertDone());
    assertEquals(0, json.path("quality").path("divergence").path("mean").asDouble());
    var failed =
        CommandRun.of(
            "quality",
            exported(CASES.resolve("base")),
            "--against",
            model,
            "--case",
            CASES.resolve("base"),
            "--gate",
            "top1=1,perplexity=0.5",
            "--json");
    assertEquals(ExitCode.FAILED, failed.code());
    assertEquals(2, json(failed).path("limits").size());
  }
}
