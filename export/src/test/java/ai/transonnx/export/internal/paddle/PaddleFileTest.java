package ai.transonnx.export.internal.paddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Python wrote with {@code arrays.py}, which is beside them. */
class PaddleFileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "arrays-2",
        "arrays-3",
        "arrays-4",
        "arrays-5",
        "pairs-2",
        "pairs-4",
        "split-2",
        "numpy1-2"
      })
  void readsEveryProtocolAndLayout(String name) throws URISyntaxException {
    var resource = Objects.requireNonNull(getClass().getResource(name + ".pdparams"));
    try (var file = Weights.open(Path.of(resource.toURI()))) {
      assertEquals(14, file.tensors().size(), file.tensors().keySet().toString());
      int rows = name.equals("arrays-2") ? 70 : 7;
      check(file, "float32 [%s, 300]".formatted(rows), "float32", floats(rows * 300));
      check(file, "float64 [2, 3]", "float64", IntStream.range(0, 6).mapToObj(i -> (double) i));
      check(file, "float16 [2, 3]", "float16", shorts(0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500));
      check(file, "int64 [2, 3]", "int64", IntStream.range(0, 6).mapToObj(i -> (long) i));
      check(file, "uint8 [2, 3]", "uint8", IntStream.range(0, 6).mapToObj(i -> (byte) i));
      check(file, "bool [2, 3]", "bool", IntStream.of(1, 0, 1, 0, 1, 1).mapToObj(i -> (byte) i));
      check(file, "bfloat16 [2, 3]", "bfloat16", shorts(0, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0));
      check(file, "float32 [2, 3]", "columns", floats(6));
      check(file, "float32 [2, 3]", "swapped", floats(6));
      check(file, "int16 [2, 3]", "swapped_columns", shorts(0, 1, 2, 3, 4, 5));
      check(file, "float32 [3, 4, 2]", "permuted", permuted());
      check(file, "float32 []", "scalar", Stream.of(7f));
      check(file, "float32 [0, 3]", "empty", Stream.of());
      check(file, "float32 []", "number", Stream.of(3f));
      assertEquals(Map.of(), file.metadata());
    }
  }

  private static Stream<Float> floats(int count) {
    return IntStream.range(0, count).mapToObj(i -> (float) i);
  }

  private static Stream<Short> shorts(int... bits) {
    return IntStream.of(bits).mapToObj(b -> (short) b);
  }

  /** Element [j, k, i] of the permuted array is i * 12 + j * 4 + k. */
  private static Stream<Float> permuted() {
    return IntStream.range(0, 24).mapToObj(n -> (float) (n % 2 * 12 + n / 8 * 4 + n / 2 % 4));
  }

  private static void check(
      WeightFile file, String type, String name, Stream<? extends Number> expected) {
    var tensor = Objects.requireNonNull(file.tensors().get(name), name);
    assertEquals(type, tensor.type().toString(), name);
    assertEquals(List.copyOf(expected.toList()), TensorBytes.numbers(tensor), name);
  }
}
