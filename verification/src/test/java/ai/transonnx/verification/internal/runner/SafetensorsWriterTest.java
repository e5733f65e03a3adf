package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.StoredTensors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsWriterTest {
  @TempDir private Path folder;

  private static Map<String, Tensor> tensors() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("/layers.0/\u00fc \"q\"", Tensor.ofLongs(new long[] {-1, 2}, 1, 2));
    tensors.put("scalar", Tensor.ofFloats(new float[] {1.5f}));
    tensors.put("empty", Tensor.zeros(ElementType.BFLOAT16, 3, 0));
    return tensors;
  }

  private Path write(Map<String, Tensor> tensors) throws IOException {
    var path = folder.resolve("tensors.safetensors");
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(file, tensors);
    }
    return path;
  }

  private static void assertSame(Tensor expected, Tensor actual) {
    assertEquals(expected.toString(), actual.toString());
    assertEquals(expected.data(), actual.data());
  }

  @Test
  void theReaderOfWeightsReadsTheFile() throws IOException {
    try (var stored = StoredTensors.open(write(tensors()))) {
      assertEquals(List.copyOf(tensors().keySet()), List.copyOf(stored.names()));
      tensors().forEach((name, tensor) -> assertSame(tensor, stored.tensor(name)));
    }
  }

  @Test
  void theReaderOfResultsReadsTheFile() throws Exception {
    var read = SafetensorsReader.read(write(tensors()), tensors().keySet(), 1000);
    assertEquals(tensors().keySet(), read.keySet());
    read.forEach((name, tensor) -> assertSame(tensors().get(name), tensor));
  }
}
