package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Masking;
import ai.transonnx.attention.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The distances at which a query attends to earlier keys. Immutable.
 *
 * @param most the largest distance, or null
 * @param least the smallest distance, or null
 * @param memoryIsNear whether learned memory keys are visible at every distance
 */
public record KeyDistances(@Nullable Integer most, @Nullable Integer least, boolean memoryIsNear) {
  /** Whether the visibility of a key depends on its distance from the query. */
  boolean areLimited() {
    return most != null || least != null;
  }

  /**
   * Masks keys that are too far from the query or too near.
   *
   * @param attention the attention, whose memory keys may be visible at every distance
   */
  void mask(Masking masking, Positions positions, AttentionPlan attention) {
    if (most != null) {
      masking.maxPast(
          positions, most, memoryIsNear ? attention.memoryKeys() : attention.zeroKeys());
    }
    if (least != null) {
      masking.minPast(positions, least);
    }
  }
}
