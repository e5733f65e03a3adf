package ai.transonnx.internal.xtransformers;

import ai.transonnx.config.ConfigException;
import java.util.List;

/** How attention's weights begin, which the libraries cannot do with every projection. */
public final class ZeroInitCheck {
  private ZeroInitCheck() {}

  /**
   * Checks layers, of which those that attend have an output.
   *
   * @param onAttn whether that output has a gate
   * @param zeroBranches whether the outputs of all layers begin with 0
   * @param zeroOutput whether this one does
   * @throws ConfigException if an output with a gate is to begin with 0
   */
  public static void check(
      List<LayerKind> layers, boolean onAttn, boolean zeroBranches, boolean zeroOutput) {
    boolean attends = layers.stream().anyMatch(kind -> kind != LayerKind.FEED_FORWARD);
    if (attends && onAttn && (zeroBranches || zeroOutput)) {
      throw ConfigException.notAllowed(
          zeroBranches ? "zero_init_branch_output" : "attn_zero_init_output",
          true,
          "false with 'attn_on_attn', whose output is gated");
    }
  }
}
