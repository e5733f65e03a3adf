package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Injection;
import ai.transonnx.internal.xtransformers.Profile;

/**
 * The options of the branches of layers: scales, skip connections and injected inputs. Immutable.
 */
public record BranchOptions(
    @Option(
            value = "multiply each layer's output by learned factors",
            defaultValue = "false",
            since = "1.30.0")
        boolean useLayerscale,
    @Option(
            value = "initial value of the factors",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.30.0")
        double layerscaleInitValue,
    @Option(
            value =
                "skip connections from the first half of the blocks to the second, as in a U-Net",
            defaultValue = "false",
            since = "1.35.0")
        boolean unetSkips,
    @Option(
            value = "add a linear function of the stack's input to the input of each layer",
            defaultValue = "false",
            since = "1.40.5")
        boolean reinjectInput,
    @Option(
            value = "a gate of what is added to the input of each layer",
            defaultValue = "false",
            since = "1.44.6")
        boolean learnedReinjectInputGate) {
  public BranchOptions {
    Ranges.checkFinite("layerscale_init_value", layerscaleInitValue);
  }

  /**
   * The injection into the input of each layer for this model dimension.
   *
   * @param hasStreams whether there are several residual streams, with which the gate raises an
   *     error
   */
  Injection injection(int dim, boolean hasStreams, Profile profile) {
    return new Injection(
        dim,
        reinjectInput,
        !reinjectInput
            && !(learnedReinjectInputGate && hasStreams)
            && profile.stack().acceptsInjectedVectors(),
        learnedReinjectInputGate);
  }
}
