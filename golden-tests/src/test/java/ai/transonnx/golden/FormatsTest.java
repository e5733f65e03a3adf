package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Tolerance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One case's weights in every format: bits and outputs are the same. */
class FormatsTest {
  static final Path FORMATS = Path.of("formats");
  static final Path CASE = Path.of("cases/x-transformers/palm-like");

  static Iterable<String> files() {
    return Json.read(FORMATS.resolve("formats.json")).path("files").properties().stream()
        .map(Map.Entry::getKey)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFormatHasTheSameWeights(String name) {
    try (var expected = Weights.open(CASE.resolve("weights.safetensors"));
        var file = Weights.open(FORMATS.resolve(name))) {
      var tensors = new TreeMap<String, WeightTensor>();
      file.tensors()
          .forEach((key, tensor) -> tensors.put(key.replaceFirst("^(net|module)\\.", ""), tensor));
      assertEquals(expected.tensors().keySet(), tensors.keySet());
      for (var tensor : expected.tensors().values()) {
        var found = Objects.requireNonNull(tensors.get(tensor.name()));
        assertEquals(tensor.shape(), found.shape());
        var values = bytes(tensor).asFloatBuffer();
        var bytes = bytes(found);
        while (values.hasRemaining()) {
          assertRounded(values.get(), bytes, found);
        }
      }
    }
  }

  private static void assertRounded(float expected, ByteBuffer bytes, WeightTensor found) {
    switch (found.elements()) {
      case FLOAT32 -> assertEquals(Float.floatToRawIntBits(expected), bytes.getInt(), found.name());
      case FLOAT64 -> assertEquals(expected, (float) bytes.getDouble(), found.name());
      case FLOAT16 -> {
        float value = float16(bytes.getShort());
        assertEquals(expected, value, Math.max(Math.ulp(expected) * 4096, 0x1p-25f), found.name());
      }
      case BFLOAT16 -> {
        int bits = Float.floatToRawIntBits(expected);
        int nearest = bits + 0x7fff + ((bits >>> 16) & 1);
        assertEquals((short) (nearest >>> 16), bytes.getShort(), found.name());
      }
      default -> throw new AssertionError(found);
    }
  }

  /** Decodes float16 by its definition; infinities and NaN do not occur. */
  static float float16(short bits) {
    int exponent = (bits >> 10) & 31;
    float fraction = (bits & 1023) / 1024f;
    float magnitude =
        exponent == 0 ? fraction * 0x1p-14f : (1 + fraction) * (float) Math.pow(2, exponent - 15);
    return bits < 0 ? -magnitude : magnitude;
  }

  private static ByteBuffer bytes(WeightTensor tensor) {
    return tensor.content().slice(0, (int) tensor.byteCount()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFormatGivesTheOutputsOfTheCase(String name, @TempDir Path scratch) {
    var folder = CaseFolder.read(CASE).withWeights(FORMATS.resolve(name));
    try (var checks =
        new CaseChecks(folder, scratch, ModelOptions.defaults(), EmitOptions.STANDARD)) {
      for (var check : checks.all()) {
        var comparison = check.run();
        assertTrue(comparison.share() <= allowedShare(name), comparison.description());
      }
    } catch (Exception e) {
      throw new AssertionError(name, e);
    }
  }

  /**
   * The tolerance of a float32 model. In files with 16-bit weights, 32 roundings of the type: more
   * than the products between input and output, of which 4 layers have 2 each.
   */
  private static double allowedShare(String name) {
    int roundings = 32;
    try (var file = Weights.open(FORMATS.resolve(name))) {
      double roundoff =
          switch (file.tensors().values().iterator().next().elements()) {
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-8;
            default -> 0;
          };
      return Math.max(1, roundings * roundoff / Tolerance.FLOAT32.share());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void slicesHaveTheBytesOfTheWholeTensor(String name) {
    try (var file = Weights.open(FORMATS.resolve(name))) {
      for (var tensor : file.tensors().values()) {
        int size = (int) tensor.byteCount();
        var whole = new byte[size];
        tensor.content().slice(0, size).get(whole);
        for (int from = 0; from < size; from += 997) {
          int length = Math.min(size - from, 613);
          var slice = new byte[length];
          tensor.content().slice(from, length).get(slice);
          assertArrayEquals(Arrays.copyOfRange(whole, from, from + length), slice);
        }
      }
    }
  }
}
