package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments of rotary-embedding-torch's {@code RotaryEmbedding}.
 *
 * <p>The checkpoint stores the frequencies, so options that only compute them have no effect.
 * Options that do not work with FLASH throw a {@link ConfigException}.
 *
 * <p>Immutable; threads may share it.
 */
@Configuration
public record RotaryEmbeddingConfig(
    @Option("number of rotated features") int dim,
    @Option(value = "kind of frequencies", defaultValue = "\"lang\"") FreqsFor freqsFor,
    @Option(value = "ignored: the checkpoint stores the frequencies", defaultValue = "10000")
        double theta,
    @Option(value = "ignored: the checkpoint stores the frequencies", defaultValue = "10")
        double maxFreq,
    @Option(value = "number of frequencies, if they are constant", defaultValue = "1") int numFreqs,
    @Option(value = "ignored: the checkpoint stores the frequencies", defaultValue = "false")
        boolean learnedFreq,
    @Option(value = "must be false: FLASH does not support xPos", defaultValue = "false")
        boolean useXpos,
    @Option(value = "ignored: requires use_xpos", defaultValue = "512") double xposScaleBase,
    @Option(value = "divisor of positions, at least 1", defaultValue = "1.0")
        double interpolateFactor,
    @Option(value = "ignored: the checkpoint stores the frequencies", defaultValue = "1.0")
        double thetaRescaleFactor,
    @Option(value = "must be false: FLASH has no heads", defaultValue = "false")
        boolean seqBeforeHeadDim,
    @Option(value = "ignored: graphs do not cache rotations", defaultValue = "true")
        boolean cacheIfPossible,
    @Option(value = "ignored: graphs do not cache rotations", defaultValue = "8192")
        int cacheMaxSeqLen) {
  /** The kinds of frequencies. Immutable. */
  public enum FreqsFor {
    /** Text: a geometric series. */
    LANG("lang"),
    /** Pixels: an arithmetic series. */
    PIXEL("pixel"),
    /** {@code num_freqs} equal frequencies. */
    CONSTANT("constant");

    private final String label;

    FreqsFor(String label) {
      this.label = label;
    }

    /** The value of the library's option. */
    @Override
    public String toString() {
      return label;
    }
  }

  public RotaryEmbeddingConfig {
    Ranges.checkInteger("rotary_pos_emb.dim", dim, 2, 1 << 24);
    if (dim == 2) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.dim", dim, "more than 2, since the exponent of theta is dim / (dim - 2)");
    }
    Ranges.checkFinite("rotary_pos_emb.theta", theta);
    Ranges.checkInteger("rotary_pos_emb.num_freqs", numFreqs, 1, 1 << 24);
    if (useXpos) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.use_xpos", useXpos, "false: FLASH does not support xPos");
    }
    Ranges.checkFinite("rotary_pos_emb.interpolate_factor", interpolateFactor);
    if (interpolateFactor < 1) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.interpolate_factor", interpolateFactor, "at least 1");
    }
    if (!(thetaRescaleFactor > 0)) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.theta_rescale_factor", thetaRescaleFactor, "above 0");
    }
    Ranges.checkInteger("rotary_pos_emb.cache_max_seq_len", cacheMaxSeqLen, 0, Integer.MAX_VALUE);
    if (seqBeforeHeadDim) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.seq_before_head_dim", seqBeforeHeadDim, "false: FLASH has no heads");
    }
  }

  int pairs() {
    return freqsFor == FreqsFor.CONSTANT ? numFreqs : dim / 2;
  }

  /** A builder with the library's defaults. */
  public static RotaryEmbeddingConfigBuilder builder() {
    return new RotaryEmbeddingConfigBuilder();
  }
}
