package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StateMemoryTest {
  private final StateMemory memory = new StateMemory();

  private static StateTensor pair(StateRole role) {
    return new StateTensor(
        "past_keys_0",
        "present_keys_0",
        ElementType.FLOAT32,
        List.of(StateTensor.BATCH, Dim.of(2), StateTensor.CAPACITY, Dim.of(3)),
        List.of(StateTensor.BATCH, Dim.of(2), Dim.of(0), Dim.of(3)),
        role);
  }

  @Test
  void usedMemoryIsCleared() {
    int bytes = 100_001;
    var first = memory.take(bytes + 7);
    for (int i = 0; i < first.capacity(); i++) {
      first.put(i, (byte) 1);
    }
    memory.giveBack(first);
    var second = memory.take(bytes);
    assertSame(first, second);
    assertEquals(bytes, second.remaining());
    while (second.hasRemaining()) {
      assertEquals(0, second.get());
    }
  }

  @Test
  void theSmallestBufferThatIsLargeEnoughIsTaken() {
    var buffers = List.of(memory.take(10), memory.take(40), memory.take(20));
    buffers.forEach(memory::giveBack);
    assertSame(buffers.get(2), memory.take(15));
    assertSame(buffers.get(1), memory.take(15));
  }

  @Test
  void newMemoryReplacesABufferThatIsTooSmall() {
    var small = memory.take(10);
    memory.giveBack(small);
    var larger = memory.take(11);
    assertEquals(11, larger.remaining());
    assertNotSame(small, memory.take(5));
  }

  @Test
  void memoryThatIsReleasedIsNotTakenAgain() {
    var buffer = memory.take(10);
    memory.giveBack(buffer);
    memory.release();
    assertNotSame(buffer, memory.take(10));
  }

  @Test
  void aReservationHasTheSlotsOfItsPositions() {
    try (var reserved = new ReservedState(memory, 4, 5)) {
      var tensor = reserved.take(pair(StateRole.BUFFER)).orElseThrow();
      assertEquals("float32[4, 2, 5, 3]", tensor.toString());
      assertEquals(Optional.empty(), reserved.take(pair(StateRole.MEMORY)));
    }
  }

  @Test
  void aReservationReturnsItsMemory() {
    int bytes = 4 * 2 * 5 * 3 * Float.BYTES;
    var buffer = memory.take(bytes);
    memory.giveBack(buffer);
    try (var reserved = new ReservedState(memory, 4, 5)) {
      reserved.take(pair(StateRole.BUFFER)).orElseThrow().buffer().put(0, (byte) 1);
      assertEquals(1, buffer.get(0));
    }
    assertSame(buffer, memory.take(bytes));
  }

  @Test
  void buffersAreNotReservedBesideOtherGrowingState() {
    assertTrue(ReservedState.isPossible(List.of(pair(StateRole.BUFFER))));
    assertFalse(ReservedState.isPossible(List.of(pair(StateRole.BUFFER), pair(StateRole.MEMORY))));
  }
}
