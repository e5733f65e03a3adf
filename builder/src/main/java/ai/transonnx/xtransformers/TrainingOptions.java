package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import java.util.List;

/** Options of layers that only act in training. */
public record TrainingOptions(
    @Option(
            value = "last projections of branches start at zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitBranchOutput,
    @Option(value = "dropout of whole layers", defaultValue = "0.0", trainingOnly = true)
        List<Double> layerDropout,
    @Option(value = "dropout of the context's positions", defaultValue = "0.0", trainingOnly = true)
        double crossAttnTokensDropout) {
  public TrainingOptions {
    layerDropout = List.copyOf(layerDropout);
  }
}
