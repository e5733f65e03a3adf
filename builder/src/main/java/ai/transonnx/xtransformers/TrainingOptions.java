package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import java.util.List;

/** Options of layers that only act in training. */
public record TrainingOptions(
    @Option(
            value = "last projections of branches start at zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitBranchOutput,
    @Option(
            value = "dropout of whole layers; none is run behind the last number of several",
            defaultValue = "0.0",
            trainingOnly = true)
        List<Double> layerDropout,
    @Option(value = "dropout of the context's positions", defaultValue = "0.0", trainingOnly = true)
        double crossAttnTokensDropout) {
  public TrainingOptions {
    layerDropout = List.copyOf(layerDropout);
    if (layerDropout.isEmpty()) {
      throw ConfigException.notAllowed("layer_dropout", "empty", "a number, or one for each layer");
    }
  }

  /**
   * How many of the layers are run. With a number for each, the library runs no layer behind the
   * last number, in training or not.
   */
  int run(int layers) {
    return layerDropout.size() == 1 ? layers : Math.min(layers, layerDropout.size());
  }
}
