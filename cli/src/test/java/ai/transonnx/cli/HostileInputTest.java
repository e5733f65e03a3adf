package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invalid files are reported in one line, and leave no output. */
class HostileInputTest {
  private static final Path CASE = Path.of("../golden-tests/cases/token-shift-gpt/base");

  @TempDir private Path folder;

  private Path config;
  private Path weights;
  private Path output;

  @BeforeEach
  void validInput() throws IOException {
    config = folder.resolve("config.json");
    weights = folder.resolve("weights.safetensors");
    output = folder.resolve("model.onnx");
    Files.writeString(
        config,
        """
        {"class": "TokenShiftGPT", "num_tokens": 24, "dim": 16, "max_seq_len": 32, "depth": 2}
        """);
    Files.copy(CASE.resolve("weights.safetensors"), weights);
  }

  private CommandRun export() {
    return CommandRun.of(
        "export",
        "--library",
        "token-shift-gpt",
        "--config",
        config,
        "--weights",
        weights,
        "--output",
        output);
  }

  private void assertRefused(String... phrases) throws IOException {
    export().assertRefused(phrases);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("config.json", "weights.safetensors"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private void changeHeader(UnaryOperator<String> change) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    var header = new String(bytes.array(), 8, length, StandardCharsets.UTF_8);
    var changed = change.apply(header).getBytes(StandardCharsets.UTF_8);
    int rest = bytes.capacity() - 8 - length;
    var result = ByteBuffer.allocate(8 + changed.length + rest).order(ByteOrder.LITTLE_ENDIAN);
    result.putLong(changed.length).put(changed).put(bytes.array(), 8 + length, rest);
    Files.write(weights, result.array());
  }

  @Test
  void validInputIsExported() {
    export().assertDone();
    assertTrue(Files.exists(output));
  }

  @Test
  void aTruncatedFile() throws IOException {
    var bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused("weights.safetensors", "truncated");
  }

  @Test
  void aHeaderOfTwoToThe63Bytes() throws IOException {
    var bytes = Files.readAllBytes(weights);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MIN_VALUE);
    Files.write(weights, bytes);
    assertRefused("weights.safetensors", "a header of 9223372036854775808 bytes");
  }

  @Test
  void overlappingOffsets() throws IOException {
    changeHeader(
        header ->
            header.replaceFirst(
                "(\"net.0.fn.gate_norm.weight\".*?offsets\":\\[)\\d+,\\d+", "$10,128"));
    assertRefused("weights.safetensors", "overlap");
  }

  @Test
  void aShapeThatDisagreesWithItsBytes() throws IOException {
    changeHeader(header -> header.replaceFirst("(\"net.2.weight\":.*?shape\":\\[)16", "$117"));
    assertRefused("weights.safetensors", "net.2.weight", "[17]");
  }

  @Test
  void aShapeThatDisagreesWithTheConfiguration() throws IOException {
    Files.writeString(config, Files.readString(config).replace("32", "64"));
    assertRefused("pos_emb.weight", "[32, 16]", "[64, 16]");
  }

  @Test
  void anUnknownOption() throws IOException {
    Files.writeString(config, Files.readString(config).replace("depth", "detph"));
    assertRefused("config.json", "unknown option 'detph'; did you mean 'depth'?");
  }

  @Test
  void aMissingTensor() throws IOException {
    changeHeader(header -> header.replace("net.2.weight", "net.2.wieght"));
    assertRefused("net.2.weight", "net.2.wieght");
  }

  @Test
  void anUnwritableTarget() throws IOException {
    output = folder.resolve("no/such/folder/model.onnx");
    assertRefused("no/such/folder");
    output = folder;
    assertRefused(folder.toString());
  }

  @Test
  void aTargetThatIsTheWeightsThemselves() throws IOException {
    var before = Files.readAllBytes(weights);
    output = weights;
    assertRefused("weights.safetensors");
    assertArrayEquals(before, Files.readAllBytes(weights));
  }

  @Test
  void aTargetThatIsTheConfigurationItself() throws IOException {
    var before = Files.readString(config);
    output = config;
    assertRefused(config + " is one of the files that the model is exported from");
    assertEquals(before, Files.readString(config));
  }

  @Test
  void aTargetThatIsOfTheCaseItself() throws IOException {
    for (var name : List.of("case.json", "io.safetensors", "weights.safetensors")) {
      Files.copy(CASE.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    for (var name : List.of("case.json", "io.safetensors", "weights.safetensors")) {
      var file = folder.resolve(name);
      CommandRun.of("export", "--case", folder, "--output", file)
          .assertRefused(file + " is one of the files that the model is exported from");
      assertEquals(-1, Files.mismatch(CASE.resolve(name), file));
    }
  }

  @Test
  void weightsThatAreNotNumbers() throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) bytes.getLong();
    Arrays.fill(bytes.array(), data, bytes.capacity(), (byte) 0xff);
    Files.write(weights, bytes.array());
    export().assertDone();
    for (var choice : List.of("--greedy", "--seed=1")) {
      CommandRun.of("generate", output, "--tokens", "1", "--length", "1", choice)
          .assertRefused("the logit of token 0 in row 0 is not a number", "may have NaN");
    }
  }

  @Test
  void namesOfSeveralLines() throws IOException {
    export().assertDone();
    var model = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
    var changed = model.replace("token_emb.weight", "token\nemb.weight");
    Files.write(output, changed.getBytes(StandardCharsets.ISO_8859_1));
    var shown = CommandRun.of("inspect", output).assertDone().out();
    assertTrue(shown.contains("\n  token?emb.weight: float32 [24, 16]"), shown);
  }

  @Test
  void aConfigurationThatIsNotJson() throws IOException {
    Files.writeString(config, "{\"class\": ");
    assertRefused("config.json", "not JSON");
  }

  @Test
  void filesThatAreNotThere() throws IOException {
    Files.delete(weights);
    export().assertRefused("weights.safetensors", "no such file");
    Files.delete(config);
    export().assertRefused("config.json", "no such file");
  }

  @Test
  void filesThatAreNotPlain() throws IOException {
    var device = Path.of("/dev/zero");
    var problem = "/dev/zero: this is a pipe or a device; a file is needed";
    weights = device;
    export().assertRefused(problem);
    config = device;
    export().assertRefused(problem);
    CommandRun.of("generate", device, "--tokens=1", "--length=1").assertRefused(problem);
    CommandRun.of("inspect", device).assertRefused(problem);
    CommandRun.of("doctor", device).assertRefused(problem);
    var link = Files.createSymbolicLink(folder.resolve("case.json"), device);
    CommandRun.of("export", "--case", folder, "--output", output)
        .assertRefused("case.json: this is a pipe or a device; a file is needed");
    Files.delete(link);
  }

  @Test
  void outputsThatAreNotPlain() {
    for (var device : List.of("/dev/stdout", "/dev/null", "/proc/self/fd/1")) {
      output = Path.of(device);
      export()
          .assertRefused(
              device
                  + ": cannot be written: this is a pipe or a device; specify the name of a plain"
                  + " file");
    }
  }

  @Test
  void aPathOfTenThousandCharacters() {
    var name = "n".repeat(10_000);
    for (var run :
        List.of(
            CommandRun.of("inspect", name),
            CommandRun.of("generate", name, "--tokens=1", "--length=1"),
            CommandRun.of("verify", "--cases", name),
            CommandRun.of("quality", name, "--against", name, "--tokens", name),
            CommandRun.of("doctor", name))) {
      run.assertRefused("nnn...nnn", ": no such ");
      assertTrue(run.err().length() < 1000, run.err());
    }
    var option = CommandRun.of("inspect", "--" + name);
    assertTrue(option.err().length() < 1000, option.err());
  }

  @Test
  void anUnknownLibrary() {
    CommandRun.of(
            "export",
            "--library",
            "x-tokens",
            "--config",
            config,
            "--weights",
            weights,
            "--output",
            output)
        .assertRefused("unknown library 'x-tokens'");
  }

  @Test
  void aMissingLibrary() {
    CommandRun.of("export", "--config", config, "--weights", weights, "--output", output)
        .assertRefused("config.json", "--library");
  }

  @Test
  void anUnknownOutput() {
    CommandRun.of("export", "--case", CASE, "--outputs", "attn", "--output", output)
        .assertRefused("unknown output 'attn'");
  }

  @Test
  void aStepThatIsNotThere() {
    CommandRun.of("export", "--case", CASE, "--step", "9", "--output", output)
        .assertRefused("steps 0 to 2");
  }

  @Test
  void aDamagedModel() throws IOException {
    Files.writeString(output, "not a model");
    CommandRun.of("generate", output, "--tokens", "1", "--length", "1").assertRefused("model.onnx");
    CommandRun.of("inspect", output).assertRefused("model.onnx");
  }

  @Test
  void aTruncatedModel() throws IOException {
    export().assertDone();
    var bytes = Files.readAllBytes(output);
    Files.write(output, Arrays.copyOf(bytes, bytes.length / 2));
    CommandRun.of("generate", output, "--tokens", "1", "--length", "1").assertRefused("model.onnx");
    CommandRun.of("inspect", output).assertRefused("model.onnx", "truncated");
  }
}
