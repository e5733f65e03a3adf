package ai.transonnx.cli;

import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages about arguments that people often confuse. */
class ModelArgumentTest extends ExportedCases {
  @Test
  void aCheckpointMustBeExportedFirst() throws IOException {
    var text = Files.writeString(folder.resolve("text"), "In the beginning");
    for (var checkpoint : List.of("checkpoint.pt", "plain.npz", "legacy.pt")) {
      var file = FORMATS.resolve(checkpoint);
      for (var run :
          List.of(
              CommandRun.of("generate", file, "--prompt=a", "--length=1"),
              CommandRun.of("score", file, "--text", text),
              CommandRun.of("serve", file, "--port=0"),
              CommandRun.of("doctor", file),
              CommandRun.of("verify", file),
              CommandRun.of("quality", file, "--against", file, "--text", text))) {
        run.assertRefused(
            checkpoint + ": this is a checkpoint, not an ONNX model",
            "transonnx export --config CONFIG.json --weights " + file);
      }
    }
  }

  @Test
  void aTemperatureOfZeroNamesGreedy() throws IOException {
    var model = exported(CASES.resolve("base"), "--incremental");
    CommandRun.of("generate", model, "--tokens=1", "--length=1", "--temperature=0")
        .assertRefused("a temperature of 0", "--greedy");
  }

  private CommandRun export(String config) throws IOException {
    var file = Files.writeString(folder.resolve("config.json"), config);
    return CommandRun.of(
        "export",
        "--config",
        file,
        "--weights",
        FORMATS.resolve("zip.pt"),
        "--output",
        folder.resolve("model.onnx"));
  }

  @Test
  void theNameOfAPythonModuleSuggestsItsLibrary() throws IOException {
    export("{\"library\": \"x_transformers\", \"config\": {}}")
        .assertRefused("unknown library 'x_transformers'; did you mean 'x-transformers'?");
    export("{\"library\": \"flash_pytorch\", \"config\": {}}")
        .assertRefused("did you mean 'FLASH-pytorch'?");
  }

  @Test
  void aWrapperForTrainingAsksForTheWrappedClass() throws IOException {
    export("{\"library\": \"x-transformers\", \"config\": {\"class\": \"AutoregressiveWrapper\"}}")
        .assertRefused(
            "config.json: 'class' is AutoregressiveWrapper", "the model that it wraps", "Decoder");
    export("{\"library\": \"token-shift-gpt\", \"config\": {\"class\": \"AutoregressiveWrapper\"}}")
        .assertRefused("one of TokenShiftGPT");
  }

  @Test
  void aMisspeltOptionOfANestedObjectHasItsPath() throws IOException {
    var config =
        "{\"library\": \"x-transformers\", \"config\": {\"class\": \"TransformerWrapper\","
            + " \"num_tokens\": 24, \"max_seq_len\": 8,"
            + " \"attn_layers\": {\"class\": \"Decoder\", \"dim\": 16, \"depth\": 2, \"%s\": 2}}}";
    for (var name : List.of("haeds", "Heads", "hea-ds")) {
      export(config.formatted(name))
          .assertRefused(
              "unknown option 'attn_layers.%s'; did you mean 'attn_layers.heads'?".formatted(name));
    }
  }

  @Test
  void nothingIsPrintedBeforeArgumentsAreChecked() throws IOException {
    var other = Path.of("../golden-tests/releases/2.3.1/rotary-base-rescale");
    var config = (ObjectNode) Json.read(other.resolve("case.json"));
    config.retain("library", "config");
    ((ObjectNode) config.path("config")).put("num_tokens", 99);
    CommandRun.of(
            "export",
            "--config",
            Files.writeString(folder.resolve("c.json"), config.toString()),
            "--weights",
            other.resolve("weights.safetensors"),
            "--output",
            folder.resolve("none/model.onnx"))
        .assertRefused("none/model.onnx");
    var model = exported(CASES.resolve("base"));
    CommandRun.of("generate", model, "--prompts", folder.resolve("none"), "--length=1", "--greedy")
        .assertRefused("none: no such file");
  }
}
