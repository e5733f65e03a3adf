package ai.transonnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizationTest {
  private static final Quantization INT4 = Quantization.of(QuantizedType.INT4);

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -32, 0, 1, 8, 15, 24, 48, 512, Integer.MAX_VALUE})
  void blocksAreSmallPowersOfTwo(int block) {
    var thrown = assertThrows(InputException.class, () -> INT4.withBlock(block));
    assertTrue(thrown.getMessage().contains(Integer.toString(block)));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 5, Integer.MAX_VALUE})
  void accuracyLevelsAreThoseOfTheRuntime(int level) {
    assertThrows(InputException.class, () -> INT4.withAccuracyLevel(level));
  }

  @Test
  void patternsHaveCharacters() {
    assertThrows(InputException.class, () -> INT4.withKeep(List.of("a", "")));
  }

  @ParameterizedTest
  @EnumSource
  void typesAreFoundByTheirNames(QuantizedType type) {
    assertEquals(type, QuantizedType.of(type.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "INT4", "int3", "uint8"})
  void otherNamesAreRefusedWithThoseThatExist(String name) {
    var thrown = assertThrows(InputException.class, () -> QuantizedType.of(name));
    assertTrue(thrown.getMessage().contains("int4 or int8"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void otherPrecisionsThanFloat32AreRefused(Precision precision) {
    var emit = EmitOptions.STANDARD.withPrecision(precision);
    assertThrows(InputException.class, () -> emit.withQuantization(INT4));
  }

  @Test
  void olderOpsetsNeedOnnxRuntime() {
    var emit = EmitOptions.STANDARD.withOpset(20);
    var thrown = assertThrows(InputException.class, () -> emit.withQuantization(INT4));
    assertTrue(thrown.getMessage().contains("opset 21"));
    emit.withTarget(Target.ONNXRUNTIME).withQuantization(INT4);
  }

  @ParameterizedTest
  @CsvSource({
    "net.to_out.weight, true",
    "net, true",
    "net.to_out, true",
    "ne, false",
    "to_out, false",
    "*.to_out, true",
    "*weight, true",
    "n*t.*out.w*t, true",
    "*, true",
    "net.to_out.weight.x, false",
    "net*net.to_out.weight, false",
    "*t*t*t*t*t*t*t*t*, false"
  })
  void patternsMatchTensorsAndTheModulesThatContainThem(String pattern, boolean matches) {
    assertEquals(matches, NameGlob.of(pattern).matchesPath("net.to_out.weight"));
  }

  @Test
  void theTextOfMetadataDescribesTypeBlockAndZeroPoints() {
    var given = Quantization.of(QuantizedType.INT8).withBlock(64);
    assertEquals(given, Quantization.of(given.toString()));
    var withZeroPoints = given.withZeroPoints();
    assertEquals(withZeroPoints, Quantization.of(withZeroPoints.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "int4",
        "32",
        "int4 31",
        "int4 -32",
        "int4 99999999999",
        "int5 32",
        "int4 32 x"
      })
  void otherTextsAreRefused(String text) {
    assertThrows(InputException.class, () -> Quantization.of(text));
  }
}
