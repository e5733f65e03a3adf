package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
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
    @Option(value = "the square of what is positive, not the Gaussian unit", defaultValue = "false")
        boolean reluSquared,
    @Option(value = "normalize what is activated", defaultValue = "false") boolean postActLn,
    @Option(value = "dropout of what is activated", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "begin with an output of 0", defaultValue = "false", trainingOnly = true)
        boolean zeroInitOutput) {
  private static final int MAX = 1 << 24;
  private static final int WIDER = 4;

  public FeedForwardOptions {
    Ranges.checkFinite("mult", mult);
    Ranges.checkProbability("dropout", dropout);
  }

  /** Checks what depends on the layers' features. */
  void check(int dim) {
    if (dimOut != null && dimOut != dim) {
      throw ConfigException.notAllowed(
          "ff_dim_out", dimOut, "dim, which is " + dim + ", to be added to it");
    }
    Ranges.checkInteger("ff_mult * dim", (long) (dim * mult), 1, MAX);
  }

  /** The layer of positions of this many features. */
  FeedForward layer(int dim) {
    var activation = reluSquared ? Activation.RELU_SQUARED : Activation.GELU;
    return new FeedForward("net", dim, (long) (dim * mult), dim, activation, glu, postActLn, true);
  }

  /** The layer of the library's defaults that makes these features. */
  static FeedForward usual(int dim, int out) {
    return new FeedForward(
        "net", dim, (long) WIDER * dim, out, Activation.GELU, false, false, true);
  }
}
