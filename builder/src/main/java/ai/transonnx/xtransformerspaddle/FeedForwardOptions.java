package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.FeedForward;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code FeedForward}; {@code AttentionLayers} prefixes them with {@code
 * ff_}. Immutable.
 */
public record FeedForwardOptions(
    @Option(value = "output dimension; must equal dim", defaultValue = "null")
        @Nullable Integer dimOut,
    @Option(value = "hidden dimension as a multiple of dim", defaultValue = "4") double mult,
    @Option(value = "gated linear unit (GLU)", defaultValue = "false") boolean glu,
    @Option(value = "squared ReLU activation instead of GELU", defaultValue = "false")
        boolean reluSquared,
    @Option(value = "apply layer norm after the activation", defaultValue = "false")
        boolean postActLn,
    @Option(value = "dropout after the activation", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(
            value = "initialize the last projection to zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitOutput) {
  private static final int MAX = 1 << 24;
  private static final int DEFAULT_MULT = 4;

  public FeedForwardOptions {
    Ranges.checkFinite("mult", mult);
    Ranges.checkProbability("dropout", dropout);
  }

  /** Checks options that depend on the model dimension. */
  void check(int dim) {
    if (dimOut != null && dimOut != dim) {
      throw ConfigException.notAllowed("ff_dim_out", dimOut, "equal to 'dim', which is " + dim);
    }
    Ranges.checkInteger("ff_mult * dim", (long) (dim * mult), 1, MAX);
  }

  /** The layer for this model dimension. */
  FeedForward layer(int dim) {
    var activation = reluSquared ? Activation.RELU_SQUARED : Activation.GELU;
    return new FeedForward("net", dim, (long) (dim * mult), dim, activation, glu, postActLn, true);
  }

  /** A layer with the library's defaults and this output dimension. */
  static FeedForward withDefaults(int dim, int out) {
    return new FeedForward(
        "net", dim, (long) DEFAULT_MULT * dim, out, Activation.GELU, false, false, true);
  }
}
