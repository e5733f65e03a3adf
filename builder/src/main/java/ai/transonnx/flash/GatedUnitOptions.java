package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments that every gated attention unit of the library has.
 *
 * <p>Immutable; threads may share it.
 */
public record GatedUnitOptions(
    @Option("features of a position") int dim,
    @Option(value = "features of queries and keys", defaultValue = "128") int queryKeyDim,
    @Option(value = "features of the values, as a multiple of dim", defaultValue = "2.0")
        double expansionFactor,
    @Option(value = "a position sees none that follow", defaultValue = "false") boolean causal,
    @Option(value = "weigh by Laplace's function, not by the squared ReLU", defaultValue = "false")
        boolean laplaceAttnFn) {
  private static final int MAX = 1 << 24;

  public GatedUnitOptions {
    Ranges.checkInteger("dim", dim, 1, MAX);
    Ranges.checkInteger("query_key_dim", queryKeyDim, 1, MAX);
    Ranges.checkFinite("expansion_factor", expansionFactor);
    if (expansionFactor <= 0 || dim * expansionFactor < 1 || dim * expansionFactor > MAX) {
      throw ConfigException.notAllowed(
          "expansion_factor", expansionFactor, "such that 'dim' times it is from 1 to " + MAX);
    }
  }

  /** The features of the values: {@code int(dim * expansion_factor)}. */
  int hidden() {
    return (int) (dim * expansionFactor);
  }
}
