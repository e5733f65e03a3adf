package ai.transonnx.internal.xtransformers;

/**
 * The memories of a wrapper. Immutable.
 *
 * @param tokens the number of learned memory tokens before the sequence
 * @param length the maximum length of the Transformer-XL memory
 * @param shift the number of layers by which Transformer-XL memories are shifted down
 */
public record MemoryPlan(int tokens, int length, int shift) {
  /** No memories. */
  public static final MemoryPlan NONE = new MemoryPlan(0, 0, 0);
}
