package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.FeedForward;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code FeedForward}; among those of its layers they begin {@code ff_}.
 */
public record FeedForwardOptions(
    @Option(value = "features of the output; none but dim fit", defaultValue = "null")
        @Nullable Integer dimOut,
    @Option(value = "features in between, as a multiple of dim", defaultValue = "4") double mult,
    @Option(value = "gate by activated features", defaultValue = "false") boolean glu,
    @Option(value = "the sigmoid linear unit, not the Gaussian one", defaultValue = "false")
        boolean swish,
    @Option(value = "the square of what is positive; counts before swish", defaultValue = "false")
        boolean reluSquared,
    @Option(value = "normalize what is activated", defaultValue = "false") boolean postActLn,
    @Option(value = "dropout of what is activated", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "no biases, but that of a gate's projection", defaultValue = "false")
        boolean noBias,
    @Option(
            value = "the last projection starts at zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitOutput) {
  public FeedForwardOptions {
    Ranges.checkFinite("mult", mult);
    Ranges.checkProbability("dropout", dropout);
  }

  /** The layer of positions of this many features. */
  FeedForward layer(int dim) {
    long hidden = (long) (dim * mult);
    return new FeedForward("ff", dim, hidden, dim, activation(), glu, postActLn, !noBias);
  }

  private Activation activation() {
    if (reluSquared) {
      return Activation.RELU_SQUARED;
    }
    return swish ? Activation.SILU : Activation.GELU;
  }
}
