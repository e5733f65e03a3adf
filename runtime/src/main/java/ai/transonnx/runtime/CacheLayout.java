package ai.transonnx.runtime;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How positions take the slots of a model's buffers, and with that how many positions a call may
 * have.
 *
 * @param reserved slots before those of the positions that are fed
 * @param ring the slots of the last positions, if those before lose theirs
 * @param segmentLength positions of a segment, in models that go from segment to segment: a call
 *     ends with its segment, and the next one has the same slots
 * @param groupSize positions of a group, in models whose buffers of one size have the slots of one
 *     group: a call that fills it changes all slots
 */
public record CacheLayout(
    int reserved, Optional<Ring> ring, OptionalInt segmentLength, OptionalInt groupSize) {
  /**
   * Slots that later positions take over from earlier ones. When all are taken, a call has at most
   * {@code slots - window + 1} positions.
   *
   * @param window how many positions one sees, itself among them
   * @param slots at least {@code window}
   */
  public record Ring(int window, int slots) {}

  /** The same with a ring of slots. */
  CacheLayout withRing(Ring slots) {
    return new CacheLayout(reserved, Optional.of(slots), segmentLength, groupSize);
  }

  /**
   * The most positions of a call.
   *
   * @param before how many positions came before it
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
   * Whether a call changes slots that it reads, so that it could not be made again: it begins a
   * segment or fills a group. Any other call changes the slots of its own positions alone, which
   * nothing sees before.
   *
   * @param before how many positions came before it
   * @param n how many it has
   */
  boolean rewrites(long before, int n) {
    return (segmentLength.isPresent() && before % segmentLength.getAsInt() == 0)
        || (groupSize.isPresent() && before % groupSize.getAsInt() + n >= groupSize.getAsInt());
  }

  /**
   * How many slots are used when a call has ended.
   *
   * @param after how many positions there are then
   */
  long used(long after) {
    if (segmentLength.isPresent()) {
      return reserved + (after - 1) % segmentLength.getAsInt() + 1;
    }
    return reserved + (ring.isPresent() ? Math.min(after, ring.get().slots) : after);
  }
}
