package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import java.util.List;

/** Options of layers that only act in training. */
public record TrainingOptions(
    @Option(value = "training only", defaultValue = "false") boolean zeroInitBranchOutput,
    @Option(value = "training only", defaultValue = "0.0") List<Double> layerDropout,
    @Option(value = "training only", defaultValue = "0.0") double crossAttnTokensDropout) {
  public TrainingOptions {
    layerDropout = List.copyOf(layerDropout);
  }
}
