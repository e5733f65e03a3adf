package ai.transonnx.verification.internal.divergence;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PendingFolder;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.runner.SafetensorsWriter;
import ai.transonnx.verification.runner.RunnerFingerprint;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a folder that shows a fault without this program: the part of the graph with its weights,
 * the inputs, the expected value, and programs in Python, JavaScript and Java that compare.
 * Immutable, so threads may share it.
 *
 * @param title one line that describes the error
 */
record Reproduction(ModelFile file, Fault fault, RunnerFingerprint fingerprint, String title) {
  private static final List<String> PROGRAMS = List.of("run.py", "run.mjs", "Run.java");
  private static final List<String> LEVELS = List.of("none", "basic", "extended", "all");
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /**
   * Writes the folder.
   *
   * @param target a folder that does not exist
   * @throws InputException if it cannot be written
   */
  void write(Path target) {
    try (var folder = PendingFolder.create(target)) {
      write(folder, "model.onnx", file.withWeights(fault.part()).toByteArray());
      try (var channel = folder.create("tensors.safetensors")) {
        SafetensorsWriter.write(channel, tensors());
      }
      write(folder, "reproduction.json", settings());
      write(folder, "README.txt", readme().getBytes(StandardCharsets.UTF_8));
      for (var program : PROGRAMS) {
        write(folder, program, resource(program));
      }
      folder.commit();
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be written: %s".formatted(target, FileErrors.reason(e, "no such directory")),
          e);
    }
  }

  private TreeMap<String, Tensor> tensors() {
    var tensors = new TreeMap<String, Tensor>();
    fault.inputs().forEach((name, tensor) -> tensors.put("inputs/" + name, tensor));
    tensors.put("expected/" + fault.value(), fault.expected());
    return tensors;
  }

  private byte[] settings() throws IOException {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("output", fault.value());
    settings.put("tolerance", fault.result().tolerance());
    settings.put("error", fault.result().error());
    settings.put("level", level());
    settings.put("threads", threads());
    settings.put("runtime", fingerprint);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(settings);
  }

  private String level() {
    var level = fingerprint.properties().getOrDefault("level", "all");
    return LEVELS.contains(level) ? level : "all";
  }

  private int threads() {
    var threads = fingerprint.properties().getOrDefault("threads", "");
    return threads.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(threads) : 0;
  }

  private String readme() {
    var facts = new StringBuilder();
    fingerprint
        .properties()
        .forEach(
            (name, value) ->
                facts.append("  ").append(name).append(": ").append(value).append('\n'));
    return """
    %s

    Seen in %s %s (%s):
    %s
    model.onnx has %s of %s. tensors.safetensors has their inputs, and the
    value of '%s' that the same operators compute in float64.

    Each program runs model.onnx, prints the largest difference from the expected value, and ends
    with exit code 1 if it exceeds the tolerance of %s:

      python run.py                                with the packages onnxruntime and numpy
      node run.mjs [PACKAGE]                       with the package onnxruntime-node
      java -cp onnxruntime-VERSION.jar Run.java    with Java 17 and the jar of any version
    """
        .formatted(
            title,
            fingerprint.runtime(),
            fingerprint.version(),
            fingerprint.provider(),
            facts,
            fault.nodes() == 1 ? "one operator" : fault.nodes() + " operators",
            file.file().getFileName(),
            fault.value(),
            Numbers.text(fault.result().tolerance()));
  }

  private static byte[] resource(String name) throws IOException {
    try (var stream = Reproduction.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("the resource " + name + " is missing");
      }
      return stream.readAllBytes();
    }
  }

  private static void write(PendingFolder folder, String name, byte[] content) throws IOException {
    try (var channel = folder.create(name)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
