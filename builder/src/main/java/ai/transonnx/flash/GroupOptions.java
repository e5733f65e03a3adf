package ai.transonnx.flash;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments that say how FLASH cuts a sequence into groups.
 *
 * <p>Immutable; threads may share it.
 */
public record GroupOptions(
    @Option(value = "positions of a group", defaultValue = "256") int groupSize,
    @Option(value = "if not causal: one sum for all groups", defaultValue = "true")
        boolean reduceGroupNonCausalAttn) {
  public GroupOptions {
    Ranges.checkInteger("group_size", groupSize, 1, 1 << 14);
  }
}
