package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.FeedForward;
import ai.transonnx.layer.HiddenLayer;
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
    @Option(value = "SiLU activation instead of GELU", defaultValue = "false", since = "0.25.7")
        boolean swish,
    @Option(
            value = "squared ReLU activation; takes precedence over swish",
            defaultValue = "false",
            since = "0.18.0")
        boolean reluSquared,
    @Option(
            value = "apply layer norm after the activation",
            defaultValue = "false",
            since = "0.20.2")
        boolean postActLn,
    @Option(value = "dropout after the activation", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(
            value = "no biases, except in the projection of a GLU",
            defaultValue = "false",
            since = "0.26.6")
        boolean noBias,
    @Option(
            value = "initialize the last projection to zero",
            defaultValue = "false",
            trainingOnly = true,
            since = "0.17.2")
        boolean zeroInitOutput) {
  private static final int DEFAULT_MULT = 4;

  public FeedForwardOptions {
    Ranges.checkFinite("mult", mult);
    Ranges.checkProbability("dropout", dropout);
  }

  /** The layer for this model dimension. */
  FeedForward layer(int dim, Profile profile) {
    long hidden = (long) (dim * mult);
    return new FeedForward(
        profile.keys().feedForward(postActLn),
        glu
            ? new HiddenLayer.Gated(dim, hidden, activation())
            : new HiddenLayer.Plain(dim, hidden, activation(), !noBias),
        postActLn ? profile.norms().layerNorm(hidden) : null,
        dim,
        !noBias);
  }

  /** A layer with the library's defaults and this output dimension. */
  static FeedForward withDefaults(int dim, int out, Profile profile) {
    var hidden = new HiddenLayer.Plain(dim, (long) DEFAULT_MULT * dim, Activation.GELU, true);
    return new FeedForward(profile.keys().feedForward(false), hidden, null, out, true);
  }

  private Activation activation() {
    if (reluSquared) {
      return Activation.RELU_SQUARED;
    }
    return swish ? Activation.SILU : Activation.GELU;
  }
}
