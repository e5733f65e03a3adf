package ai.transonnx.xtransformers;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/** The keyword arguments of residual connections. Immutable. */
@Configuration
public record ResidualKeywords(
    @Option(
            value =
                "factors of hyper-connections by a hyperbolic tangent; no effect from 2.14.0 on",
            defaultValue = "true",
            since = "1.43.1")
        boolean tanh,
    @Option(
            value = "factors of mv_split_residual as linear functions of the output's mean",
            defaultValue = "false",
            since = "2.19.3")
        boolean learned,
    @Option(
            value = "initial factor of the means in mv_split_residual",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "2.19.1")
        double initAlpha,
    @Option(
            value = "initial factor of the differences from the mean in mv_split_residual",
            defaultValue = "0.03",
            trainingOnly = true,
            since = "2.19.1")
        double initBeta) {
  /** The library's defaults. */
  static final ResidualKeywords DEFAULTS = new ResidualKeywords(true, false, 0, 0.03);

  public ResidualKeywords {
    Ranges.checkFinite("init_alpha", initAlpha);
    Ranges.checkFinite("init_beta", initBeta);
  }
}
