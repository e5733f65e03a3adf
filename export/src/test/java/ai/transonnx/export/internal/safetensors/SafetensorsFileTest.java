package ai.transonnx.export.internal.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void readsAllElementTypesExactly() {
    var random = new Random(1);
    var builder = new TestWeights();
    var expected = new ArrayList<byte[]>();
    for (var elements : TestWeights.TYPES) {
      var bytes = new byte[6 * elements.bytes()];
      random.nextBytes(bytes);
      expected.add(bytes);
      builder.add("tensor " + elements, elements, Shape.of(2, 3), bytes);
    }
    try (var file = SafetensorsFile.open(builder.write(directory.resolve("w")))) {
      var tensors = List.copyOf(file.tensors().values());
      assertEquals(TestWeights.TYPES.size(), tensors.size());
      for (int i = 0; i < tensors.size(); i++) {
        assertEquals("tensor " + tensors.get(i).elements(), tensors.get(i).name());
        assertEquals(Shape.of(2, 3), tensors.get(i).shape());
        assertArrayEquals(expected.get(i), bytes(tensors.get(i)));
      }
    }
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    var path =
        new TestWeights()
            .add("empty", Shape.of(0, 4))
            .add("scalar", Shape.SCALAR, 2.5f)
            .write(directory.resolve("w"));
    try (var file = SafetensorsFile.open(path)) {
      var tensors = file.tensors();
      assertEquals(List.of("empty", "scalar"), List.copyOf(tensors.keySet()));
      var scalar = tensors.values().stream().skip(1).findFirst().orElseThrow();
      assertEquals(2.5f, scalar.content().slice(0, 4).getFloat());
      assertEquals(4, scalar.byteCount());
    }
  }

  @Test
  void readsMetadataAndTensorsInAnyOrder() {
    String header =
        """
        {"__metadata__":{"format":"pt"},
         "late":{"shape":[1],"data_offsets":[1,2],"dtype":"U8"},
         "\\u00e9arly":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}   \
        """;
    var path = TestWeights.write(directory.resolve("w"), header.getBytes(UTF_8), new byte[] {8, 9});
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(Map.of("format", "pt"), file.metadata());
      assertEquals(List.of("late", "éarly"), List.copyOf(file.tensors().keySet()));
      var late = file.tensors().values().iterator().next();
      assertArrayEquals(new byte[] {9}, bytes(late));
    }
  }

  @Test
  void readsTensorsThatShareTheirElementsUnderEachName() {
    String header =
        """
        {"__metadata__":{"format":"pt","encoder.weight":"decoder.weight"},
         "decoder.weight":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}} \
        """;
    var path = TestWeights.write(directory.resolve("w"), header.getBytes(UTF_8), new byte[] {7});
    try (var file = SafetensorsFile.open(path)) {
      var shared = file.tensors().get("encoder.weight");
      assertEquals("encoder.weight: int8 [1]", shared.toString());
      assertArrayEquals(new byte[] {7}, bytes(shared));
    }
  }

  @Test
  void readsAFileWithoutTensors() {
    var path = TestWeights.write(directory.resolve("w"), "{}".getBytes(UTF_8), new byte[0]);
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(Map.of(), file.tensors());
    }
  }

  private static byte[] bytes(WeightTensor tensor) {
    var bytes = new byte[(int) tensor.byteCount()];
    tensor.content().slice(0, bytes.length).get(bytes);
    return bytes;
  }
}
