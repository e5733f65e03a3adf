package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateTensorTest {
  private static StateTensor state(
      StateRole role, ElementType type, List<String> shape, List<String> first) {
    return new StateTensor(
        "past_s",
        "present_s",
        type,
        shape.stream().map(Dim::parse).toList(),
        first.stream().map(Dim::parse).toList(),
        role);
  }

  private static StateTensor floats(StateRole role, List<String> shape, List<String> first) {
    return state(role, ElementType.FLOAT32, shape, first);
  }

  private static StateTensor keys() {
    return floats(
        StateRole.BUFFER, List.of("batch", "2", "capacity", "8"), List.of("batch", "2", "0", "8"));
  }

  @Test
  void beginsWithTheRowsOfTheCall() {
    assertArrayEquals(new long[] {3, 2, 0, 8}, keys().firstShape(3));
  }

  @Test
  void aBufferGrowsAlongTheDimensionThatHasNoFixedSize() {
    assertEquals(2, keys().growingAxis());
    var fixed = List.of("batch", "16", "8");
    assertEquals(-1, floats(StateRole.BUFFER, fixed, fixed).growingAxis());
  }

  @Test
  void aMemoryGrowsIfItHasAValueForEachSlot() {
    var slots = floats(StateRole.MEMORY, List.of("batch", "capacity"), List.of("batch", "0"));
    var others = floats(StateRole.MEMORY, List.of("batch", "past"), List.of("batch", "0"));
    assertEquals(1, slots.growingAxis());
    assertEquals(-1, others.growingAxis());
  }

  @Test
  void acceptsAnySizeOfWhatMayGrow() {
    assertTrue(keys().accepts(ElementType.FLOAT32, new long[] {1, 2, 77, 8}, 1));
    assertFalse(keys().accepts(ElementType.FLOAT32, new long[] {2, 2, 77, 8}, 1));
    assertFalse(keys().accepts(ElementType.FLOAT32, new long[] {1, 2, 77, 9}, 1));
    assertFalse(keys().accepts(ElementType.FLOAT32, new long[] {1, 2, 77}, 1));
    assertFalse(keys().accepts(ElementType.FLOAT16, new long[] {1, 2, 77, 8}, 1));
  }

  @Test
  void aGroupHasTheSizeThatItBeginsWith() {
    var group = floats(StateRole.GROUP, List.of("batch", "slots"), List.of("batch", "4"));
    assertTrue(group.accepts(ElementType.FLOAT32, new long[] {1, 4}, 1));
    assertFalse(group.accepts(ElementType.FLOAT32, new long[] {1, 5}, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "RECURRENT, FLOAT32, batch/past, batch/0",
    "BUFFER, FLOAT32, batch/m/n, batch/0/0",
    "RING, FLOAT32, batch/m/n, batch/0/0",
    "COUNTER, INT32, batch, batch",
    "COUNTER, INT64, batch/1, batch/1",
    "WINDOW, FLOAT32, batch, batch",
    "MEMORY, FLOAT32, batch/1, batch",
    "MEMORY, FLOAT32, batch/n, batch/n",
  })
  void aTypeOrShapeThatDoesNotFitIsRefused(
      StateRole role, ElementType type, String shape, String first) {
    assertThrows(
        IllegalArgumentException.class,
        () -> state(role, type, List.of(shape.split("/")), List.of(first.split("/"))));
  }
}
