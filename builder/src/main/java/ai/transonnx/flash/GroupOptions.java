package ai.transonnx.flash;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The options of FLASH's groups.
 *
 * <p>Immutable; threads may share it.
 */
public record GroupOptions(
    @Option(value = "number of positions in a group", defaultValue = "256") int groupSize,
    @Option(value = "if not causal: sum over all groups", defaultValue = "true")
        boolean reduceGroupNonCausalAttn) {
  public GroupOptions {
    Ranges.checkInteger("group_size", groupSize, 1, 1 << 14);
  }
}
