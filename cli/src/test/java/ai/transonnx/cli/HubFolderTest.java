package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HubFolderTest extends ExportedCases {
  private static final Path CASE = Path.of("../golden-tests/cases/x-transformers/palm-like");

  private Path hub = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void createFolder() throws IOException {
    hub = Files.createDirectory(folder.resolve("hub"));
    output = folder.resolve("model.onnx");
  }

  private void copy(Path file, String name) throws IOException {
    Files.copy(file, hub.resolve(name));
  }

  @Test
  void theConfigurationBesideTheWeightsIsTheDefault() throws IOException {
    copy(CASE.resolve("case.json"), "config.json");
    copy(CASE.resolve("weights.safetensors"), "model.safetensors");
    CommandRun.of("export", "--weights", hub, "--output", output).assertDone();
    var expected = folder.resolve("expected.onnx");
    CommandRun.of(
            "export",
            "--config",
            CASE.resolve("case.json"),
            "--weights",
            CASE.resolve("weights.safetensors"),
            "--output",
            expected)
        .assertDone();
    assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(output));
  }

  @Test
  void shardedBinFilesAreRead() throws IOException {
    copy(CASE.resolve("case.json"), "config.json");
    var index = Files.readString(FORMATS.resolve("sharded.safetensors.index.json"));
    copy(FORMATS.resolve("zip.pt"), "pytorch_model-00001-of-00001.bin");
    Files.writeString(
        hub.resolve("pytorch_model.bin.index.json"),
        index.replaceAll("sharded-\\d+-of-\\d+.safetensors", "pytorch_model-00001-of-00001.bin"));
    CommandRun.of("export", "--weights", hub, "--output", output).assertDone();
    var out = CommandRun.of("inspect", hub).assertDone().out();
    assertTrue(out.contains("pytorch_model.bin.index.json: 1 shards of PyTorch zip"), out);
  }

  @Test
  void aConfigurationOfHuggingFaceIsNamed() throws IOException {
    Files.writeString(hub.resolve("config.json"), "{\"model_type\": \"gpt2\", \"n_embd\": 8}");
    copy(CASE.resolve("weights.safetensors"), "model.safetensors");
    CommandRun.of("export", "--weights", hub, "--output", output)
        .assertRefused("config.json: it has no 'class'", "transformers' type 'gpt2'", "--config");
  }

  @Test
  void aFolderWithoutAConfigurationNeedsOne() throws IOException {
    copy(CASE.resolve("weights.safetensors"), "model.safetensors");
    CommandRun.of("export", "--weights", hub, "--output", output)
        .assertRefused("there is no config.json in it", "--config");
    CommandRun.of("export", "--weights", hub.resolve("model.safetensors"), "--output", output)
        .assertRefused("--config");
  }
}
