package ai.transonnx.flash;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.Ranges;

/**
 * The keyword arguments of rotary-embedding-torch's {@code RotaryEmbedding}, as far as FLASH uses
 * it. The frequencies are in the checkpoint, so that only their number counts.
 */
@Configuration
public record RotaryEmbeddingConfig(
    @Option("features that are rotated") int dim,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "10000")
        double theta,
    @Option(value = "no effect here: the frequencies are stored", defaultValue = "false")
        boolean learnedFreq) {
  public RotaryEmbeddingConfig {
    Ranges.check("rotary_pos_emb.dim", dim, 2, 1 << 24);
    Ranges.finite("rotary_pos_emb.theta", theta);
  }

  int pairs() {
    return dim / 2;
  }

  public static RotaryEmbeddingConfigBuilder builder() {
    return new RotaryEmbeddingConfigBuilder();
  }
}
