package ai.transonnx.format;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The meaning of a state tensor, and what a runtime may do with it. All state begins as zeros of
 * the shape {@link StateTensor#first}, and each output is the next call's input; a runtime that
 * does only this may ignore roles.
 *
 * <p>In the file, a role is the {@link #label} in the field {@code role} of the tensor's entry in
 * {@link MetadataKey#STATE}.
 */
public enum StateRole {
  /**
   * A new value in each call, always of the size {@link StateTensor#first}, such as a running sum.
   * The input and the output need memory of their own.
   */
  RECURRENT,

  /**
   * A new value in each call, whose size may change from call to call, such as the memories of
   * Transformer-XL. The runtime allocates the output in each call. If a dimension that changes is
   * {@link StateTensor#CAPACITY}, the memory has a value for each slot of the buffers, and as many
   * slots as they have.
   */
  MEMORY,

  /**
   * A value for each position so far, such as keys: a buffer with a slot for each position, after
   * {@link MetadataKey#RESERVED_SLOTS}. It has room for a call if its {@link
   * StateTensor#growingAxis} is at least as large as the reserved slots and all positions together,
   * including those of the call. With room, the output has the input's shape and differs only in
   * the slots of the call's positions, so that one memory may be both; slots after the last
   * position have no meaning. Without room, the output is larger.
   *
   * <p>With {@link MetadataKey#SEGMENT_LENGTH}, positions are counted from the segment's start, and
   * the call that begins a segment changes all slots.
   */
  BUFFER,

  /**
   * A {@link #BUFFER} that stops growing at {@link MetadataKey#RING_SLOTS} slots, after the
   * reserved ones: a position then reuses the slot of the earliest one. Earlier positions cannot be
   * returned to.
   */
  RING,

  /**
   * A buffer of one size with the slots of one group of {@link MetadataKey#GROUP_SIZE} positions.
   * One memory may be input and output. A call that completes a group changes all slots, and any
   * other call only those of its positions.
   */
  GROUP,

  /**
   * Values computed from a context, such as the source of a translation. A call with a context of 0
   * positions returns them unchanged, so that one memory may be input and output.
   */
  CONTEXT,

  /**
   * How many positions each row has seen, or keeps: int64 {@code [batch]}, from 0 to the row's
   * positions so far and {@link MetadataKey#RESERVED_SLOTS}. The graph allocates memory by it: do
   * not accept larger values from an untrusted source.
   */
  COUNTER,

  /**
   * The sliding window: int64 {@code [batch]}, the number of positions that each one sees, or 0 for
   * all of them. It is returned unchanged. A loop may begin with {@link MetadataKey#KEPT_WINDOW}
   * instead of zeros, which turns each {@link #BUFFER} into a {@link #RING} of {@link
   * MetadataKey#KEPT_SLOTS} slots.
   */
  WINDOW;

  /** The role that {@link #label} names. */
  public static Optional<StateRole> named(String label) {
    return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
  }

  /** The name in the file, such as {@code recurrent}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this is a buffer that grows with the sequence: {@link #BUFFER} or {@link #RING}. */
  public boolean isGrowingBuffer() {
    return this == BUFFER || this == RING;
  }
}
