package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CacheLayoutTest {
  /** The layout of a model with these metadata entries. */
  private static CacheLayout layout(Map<MetadataKey, String> metadata) {
    var entries = new HashMap<String, String>();
    metadata.forEach((key, value) -> entries.put(key.key(), value));
    return ModelMetadata.of(Path.of("model.onnx"), entries).cacheLayout();
  }

  @Test
  void aCallEndsWithItsSegment() {
    var slots = layout(Map.of(MetadataKey.RESERVED_SLOTS, "3", MetadataKey.SEGMENT_LENGTH, "8"));
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
  void aRingLimitsTheLengthOfACall() {
    var slots =
        layout(
            Map.of(
                MetadataKey.RESERVED_SLOTS,
                "2",
                MetadataKey.RING_WINDOW,
                "5",
                MetadataKey.RING_SLOTS,
                "9"));
    assertEquals(9, slots.room(0));
    assertEquals(6, slots.room(3));
    assertEquals(5, slots.room(8));
    assertEquals(5, slots.room(1_000_000_000_000L));
    assertEquals(2 + 6, slots.used(6));
    assertEquals(2 + 9, slots.used(1_000_000_000_000L));
  }

  @Test
  void otherBuffersHaveNoLimit() {
    var slots = layout(Map.of(MetadataKey.RESERVED_SLOTS, "2"));
    assertEquals(Integer.MAX_VALUE, slots.room(1_000_000_000_000L));
    assertEquals(7, slots.used(5));
    assertFalse(slots.rewrites(1_000_000_000_000L, 1));
  }

  @Test
  void onlyACallThatCompletesItsGroupRewrites() {
    var slots = layout(Map.of(MetadataKey.GROUP_SIZE, "4"));
    assertEquals(Integer.MAX_VALUE, slots.room(3));
    assertFalse(slots.rewrites(0, 3));
    assertTrue(slots.rewrites(0, 4));
    assertFalse(slots.rewrites(5, 2));
    assertTrue(slots.rewrites(5, 3));
    assertTrue(slots.rewrites(1_000_000_000_003L, 1));
  }
}
