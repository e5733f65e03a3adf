package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments that all gated attention units of the library share.
 *
 * <p>Immutable; threads may share it.
 */
public record GatedUnitOptions(
    @Option("model dimension") int dim,
    @Option(value = "dimension of queries and keys", defaultValue = "128") int queryKeyDim,
    @Option(value = "dimension of the values as a multiple of dim", defaultValue = "2.0")
        double expansionFactor,
    @Option(value = "causal attention", defaultValue = "false") boolean causal,
    @Option(value = "Laplace attention function instead of squared ReLU", defaultValue = "false")
        boolean laplaceAttnFn) {
  private static final int MAX = 1 << 24;

  public GatedUnitOptions {
    Ranges.checkInteger("dim", dim, 1, MAX);
    Ranges.checkInteger("query_key_dim", queryKeyDim, 1, MAX);
    Ranges.checkFinite("expansion_factor", expansionFactor);
    if (expansionFactor <= 0 || dim * expansionFactor < 1 || dim * expansionFactor > MAX) {
      throw ConfigException.notAllowed(
          "expansion_factor",
          expansionFactor,
          "such that its product with 'dim' is from 1 to " + MAX);
    }
  }

  /** The dimension of the values: {@code int(dim * expansion_factor)}. */
  int hidden() {
    return (int) (dim * expansionFactor);
  }
}
