package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments of rotary-embedding-torch's {@code RotaryEmbedding}. The frequencies are in
 * the checkpoint, so that only their number and the positions count; what FLASH cannot call is
 * refused.
 *
 * <p>Immutable; threads may share it.
 */
@Configuration
public record RotaryEmbeddingConfig(
    @Option("features that are rotated") int dim,
    @Option(value = "what the frequencies are made for", defaultValue = "\"lang\"")
        FreqsFor freqsFor,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "10000")
        double theta,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "10")
        double maxFreq,
    @Option(value = "how many frequencies are constant", defaultValue = "1") int numFreqs,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "false")
        boolean learnedFreq,
    @Option(value = "must be false: FLASH rotates without scales", defaultValue = "false")
        boolean useXpos,
    @Option(value = "no effect without use_xpos", defaultValue = "512") double xposScaleBase,
    @Option(value = "what positions are divided by, 1 or more", defaultValue = "1.0")
        double interpolateFactor,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "1.0")
        double thetaRescaleFactor,
    @Option(value = "must be false: FLASH has no heads", defaultValue = "false")
        boolean seqBeforeHeadDim,
    @Option(value = "no effect here: nothing is cached", defaultValue = "true")
        boolean cacheIfPossible,
    @Option(value = "no effect here: nothing is cached", defaultValue = "8192")
        int cacheMaxSeqLen) {
  /** What frequencies are made for. */
  public enum FreqsFor {
    /** Text: a geometric series. */
    LANG("lang"),
    /** Pixels: an arithmetic series. */
    PIXEL("pixel"),
    /** {@code num_freqs} of the same. */
    CONSTANT("constant");

    private final String label;

    FreqsFor(String label) {
      this.label = label;
    }

    /** As the library's option says it. */
    @Override
    public String toString() {
      return label;
    }
  }

  public RotaryEmbeddingConfig {
    Ranges.checkInteger("rotary_pos_emb.dim", dim, 2, 1 << 24);
    if (dim == 2) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.dim", dim, "more than 2, since theta's exponent is dim / (dim - 2)");
    }
    Ranges.checkFinite("rotary_pos_emb.theta", theta);
    Ranges.checkInteger("rotary_pos_emb.num_freqs", numFreqs, 1, 1 << 24);
    if (useXpos) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.use_xpos",
          useXpos,
          "false: FLASH rotates queries and keys without scales");
    }
    Ranges.checkFinite("rotary_pos_emb.interpolate_factor", interpolateFactor);
    if (interpolateFactor < 1) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb.interpolate_factor", interpolateFactor, "1 or more");
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

  public static RotaryEmbeddingConfigBuilder builder() {
    return new RotaryEmbeddingConfigBuilder();
  }
}
