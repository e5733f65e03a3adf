package ai.transonnx.export.internal.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.export.TestModels;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.binding.NameRules;
import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.internal.safetensors.SafetensorsFile;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void writesAnExternalFileWhenTheModelExceedsTheLimit() throws IOException {
    var output = directory.resolve("m.onnx");
    assertEquals(List.of(output), write(output, MessageWriter.MAX_BYTES));
    long whole = Files.size(output);
    assertEquals(List.of(output), write(output, whole));
    assertEquals(List.of(output, directory.resolve("m.onnx.data")), write(output, whole - 1));
  }

  private List<Path> write(Path output, long maxBytes) {
    var path =
        new TestWeights()
            .addCounting("weight", 4, 4)
            .addCounting("bias", 4)
            .write(directory.resolve("w"));
    var model = TestModels.full(17);
    try (var file = SafetensorsFile.open(path)) {
      var binding = Binding.bind(model.graph().parameters(), file, NameRules.unused(List.of()));
      return new OnnxWriter(model, new TreeMap<>(), "1", maxBytes)
          .write(
              new Evaluation(binding),
              Fingerprint.start(path),
              OutputFiles.checked(output, List.of(path), Optional.empty()),
              false,
              done -> {});
    }
  }

  @Test
  void eachOpsetHasItsIrVersion() {
    assertEquals(8, ModelEncoder.irVersion(17));
    assertEquals(10, ModelEncoder.irVersion(21));
    assertEquals(12, ModelEncoder.irVersion(24));
    assertEquals(13, ModelEncoder.irVersion(27));
    assertThrows(IllegalArgumentException.class, () -> ModelEncoder.irVersion(28));
  }
}
