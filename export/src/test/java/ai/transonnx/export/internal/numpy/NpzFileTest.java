package ai.transonnx.export.internal.numpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that NumPy wrote with {@code arrays.py}, which is beside them. */
class NpzFileTest {
  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void readsArraysOfBothOrders(String name) throws URISyntaxException {
    var resource = Objects.requireNonNull(getClass().getResource(name));
    try (var file = Weights.open(Path.of(resource.toURI()))) {
      assertEquals(9, file.tensors().size());
      check(file, "float32 [2, 3]", "float32", IntStream.range(0, 6).mapToObj(i -> (float) i));
      check(file, "float64 [2, 3]", "float64", IntStream.range(0, 6).mapToObj(i -> (double) i));
      check(
          file,
          "float16 [2, 3]",
          "float16",
          IntStream.of(0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500).mapToObj(i -> (short) i));
      check(file, "int64 [2, 3]", "int64", IntStream.range(0, 6).mapToObj(i -> (long) i));
      check(file, "uint32 [2, 3]", "uint32", IntStream.range(0, 6).boxed());
      check(file, "bool [2]", "bool", Stream.of((byte) 1, (byte) 0));
      check(file, "float32 []", "scalar", Stream.of(7f));
      check(file, "float32 [0, 3]", "empty", Stream.of());
      check(
          file,
          "float32 [2, 3, 4]",
          "layers.0/weight",
          IntStream.range(0, 24).mapToObj(i -> (float) i));
    }
  }

  private static void check(
      WeightFile file, String type, String name, Stream<? extends Number> expected) {
    var tensor = Objects.requireNonNull(file.tensors().get(name), name);
    assertEquals(type, tensor.type().toString(), name);
    assertEquals(List.copyOf(expected.toList()), TensorBytes.numbers(tensor), name);
  }
}
