package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class SlotLayoutTest {
  @Test
  void aCallEndsWithItsSegment() {
    var slots = new SlotLayout(3, Optional.empty(), OptionalInt.of(8), OptionalInt.empty());
    assertEquals(8, slots.room(0));
    assertEquals(1, slots.room(7));
    assertEquals(8, slots.room(8));
    assertEquals(5, slots.room(11));
    assertFalse(slots.rewrites(7, 1));
    assertTrue(slots.rewrites(16, 1));
    assertEquals(3 + 1, slots.used(1));
    assertEquals(3 + 8, slots.used(8));
    assertEquals(3 + 1, slots.used(9));
  }

  @Test
  void aRingTakesAnyCallUntilItIsFull() {
    var ring = Optional.of(new SlotLayout.Ring(5, 9));
    var slots = new SlotLayout(2, ring, OptionalInt.empty(), OptionalInt.empty());
    assertEquals(9, slots.room(0));
    assertEquals(6, slots.room(3));
    assertEquals(5, slots.room(8));
    assertEquals(5, slots.room(1_000_000_000_000L));
    assertEquals(2 + 6, slots.used(6));
    assertEquals(2 + 9, slots.used(1_000_000_000_000L));
  }

  @Test
  void otherBuffersHaveNoLimit() {
    var slots = new SlotLayout(2, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    assertEquals(Integer.MAX_VALUE, slots.room(1_000_000_000_000L));
    assertEquals(7, slots.used(5));
    assertFalse(slots.rewrites(1_000_000_000_000L, 1));
  }

  @Test
  void aCallMayStayInItsGroupOrFillIt() {
    var slots = new SlotLayout(0, Optional.empty(), OptionalInt.empty(), OptionalInt.of(4));
    assertEquals(Integer.MAX_VALUE, slots.room(3));
    assertFalse(slots.rewrites(0, 3));
    assertTrue(slots.rewrites(0, 4));
    assertFalse(slots.rewrites(5, 2));
    assertTrue(slots.rewrites(5, 3));
    assertTrue(slots.rewrites(1_000_000_000_003L, 1));
  }
}
