package ai.transonnx.runtime;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How positions use the slots of a model's buffers, which limits the number of positions of a call.
 * Immutable; threads may share it.
 *
 * @param reserved the number of slots before those of the positions that are fed
 * @param ring the ring buffer, if only the last positions are kept
 * @param segmentLength the number of positions of a segment, in models that process segments: a
 *     call ends with its segment, and the next segment uses the same slots
 * @param groupSize the number of positions of a group, in models with buffers for one group: a call
 *     that completes a group overwrites all slots
 */
public record CacheLayout(
    int reserved, Optional<Ring> ring, OptionalInt segmentLength, OptionalInt groupSize) {
  /**
   * A ring buffer, in which new positions overwrite the oldest. When it is full, a call has at most
   * {@code slots - window + 1} positions.
   *
   * @param window the number of positions that a position attends to, including itself
   * @param slots the number of slots, {@code window} or more
   */
  public record Ring(int window, int slots) {}

  /** This layout with a ring buffer. */
  CacheLayout withRing(Ring other) {
    return new CacheLayout(reserved, Optional.of(other), segmentLength, groupSize);
  }

  /**
   * The maximum number of positions of a call.
   *
   * @param before the number of positions before the call
   */
  public int room(long before) {
    if (segmentLength.isPresent()) {
      int length = segmentLength.getAsInt();
      return length - (int) (before % length);
    }
    if (ring.isPresent()) {
      var slots = ring.get();
      long free = slots.slots - before;
      return (int) Math.max(free, slots.slots - slots.window + 1L);
    }
    return Integer.MAX_VALUE;
  }

  /**
   * Whether a call overwrites slots that it reads, so that it cannot be repeated: it begins a
   * segment or completes a group. Other calls write only the slots of their own positions.
   *
   * @param before the number of positions before the call
   * @param n the number of positions of the call
   */
  boolean rewrites(long before, int n) {
    return (segmentLength.isPresent() && before % segmentLength.getAsInt() == 0)
        || (groupSize.isPresent() && before % groupSize.getAsInt() + n >= groupSize.getAsInt());
  }

  /**
   * The number of slots in use after a call.
   *
   * @param after the number of positions after the call
   */
  long used(long after) {
    if (segmentLength.isPresent()) {
      return reserved + (after - 1) % segmentLength.getAsInt() + 1;
    }
    return reserved + (ring.isPresent() ? Math.min(after, ring.get().slots) : after);
  }
}
