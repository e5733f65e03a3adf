package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import java.util.List;

/** The options of layers that only affect training. Immutable. */
public record TrainingOptions(
    @Option(
            value = "initialize the last projection of each branch to zero",
            defaultValue = "false",
            trainingOnly = true,
            since = "0.17.2")
        boolean zeroInitBranchOutput,
    @Option(
            value = "dropout of whole layers; a shorter list than layers skips the rest",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.5.0")
        List<Double> layerDropout,
    @Option(
            value = "dropout of context positions",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.5.1")
        double crossAttnTokensDropout,
    @Option(
            value = "log warnings when the layers are made",
            defaultValue = "true",
            trainingOnly = true,
            since = "2.3.12")
        boolean verbose) {
  public TrainingOptions {
    layerDropout = List.copyOf(layerDropout);
    if (layerDropout.isEmpty()) {
      throw ConfigException.notAllowed(
          "layer_dropout", "empty", "a number or a list of one number per layer");
    }
  }

  /**
   * The number of layers that are executed. If {@code layer_dropout} is a list, the library
   * executes no layers after its end, in training or not.
   */
  int executedLayers(int layers) {
    return layerDropout.size() == 1 ? layers : Math.min(layers, layerDropout.size());
  }
}
