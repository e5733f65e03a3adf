package ai.transonnx.internal.xtransformers;

import ai.transonnx.config.ConfigException;
import java.util.List;

/** Rejects zero initialization where the libraries cannot apply it. Stateless. */
public final class ZeroInitCheck {
  private ZeroInitCheck() {}

  /**
   * Checks the initialization of layers.
   *
   * @param onAttn whether the output projection of attention is gated
   * @param zeroBranches whether the output projections of all layers are initialized to zero
   * @param zeroOutput whether the output projection of attention is initialized to zero
   * @throws ConfigException if a gated output projection would be initialized to zero
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
