package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.ActivationModule;
import ai.transonnx.layer.FeedForward;
import ai.transonnx.layer.HiddenLayer;
import ai.transonnx.layer.SoftClamp;
import ai.transonnx.layer.SoftmaxLinearUnit;
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
            value = "dropout of the output",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "2.2.12")
        double sublayerDropout,
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
        boolean zeroInitOutput,
    @Option(
            value = "multiply the result of a GLU by learned factors",
            defaultValue = "false",
            since = "1.18.0")
        boolean gluMultBias,
    @Option(
            value = "softmax linear unit; takes precedence over swish",
            defaultValue = "false",
            since = "2.11.19")
        boolean solu,
    @Option(
            value = "limit of what is activated or, with a GLU, of what is gated",
            defaultValue = "null",
            since = "2.19.0")
        @Nullable Double softclampValue,
    @Option(value = "limit of what is activated in a GLU", defaultValue = "null", since = "2.19.0")
        @Nullable Double gluGateSoftclampValue) {
  private static final int DEFAULT_MULT = 4;

  public FeedForwardOptions {
    Ranges.checkFinite("mult", mult);
    Ranges.checkProbability("dropout", dropout);
    Ranges.checkProbability("sublayer_dropout", sublayerDropout);
    if (reluSquared && solu) {
      throw new ConfigException(
          "'relu_squared' and 'solu' are both true; a feedforward layer has one activation");
    }
    if (softclampValue != null) {
      SoftClamp.check("softclamp_value", softclampValue);
    }
    if (gluGateSoftclampValue != null) {
      SoftClamp.check("glu_gate_softclamp_value", gluGateSoftclampValue);
    }
  }

  /** The layer for this model dimension. */
  FeedForward layer(int dim, Profile profile) {
    long hidden = (long) (dim * mult);
    return new FeedForward(
        profile.keys().feedForward(postActLn),
        glu
            ? new HiddenLayer.Gated(
                dim,
                hidden,
                activation(hidden, profile),
                gluMultBias,
                clamp(softclampValue),
                clamp(gluGateSoftclampValue))
            : new HiddenLayer.Plain(
                dim, hidden, activation(hidden, profile), !noBias, clamp(softclampValue)),
        postActLn ? profile.norms().layerNorm(hidden) : null,
        dim,
        !noBias);
  }

  /** A layer with the library's defaults and this output dimension. */
  static FeedForward withDefaults(int dim, int out, Profile profile) {
    var hidden = new HiddenLayer.Plain(dim, (long) DEFAULT_MULT * dim, Activation.GELU, true);
    return new FeedForward(profile.keys().feedForward(false), hidden, null, out, true);
  }

  private static @Nullable SoftClamp clamp(@Nullable Double limit) {
    return limit == null ? null : new SoftClamp(limit);
  }

  private ActivationModule activation(long hidden, Profile profile) {
    if (reluSquared) {
      return Activation.RELU_SQUARED;
    }
    if (solu) {
      return new SoftmaxLinearUnit(profile.norms().layerNorm(hidden));
    }
    return swish ? Activation.SILU : Activation.GELU;
  }
}
