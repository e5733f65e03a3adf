package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.GatedResidual;
import ai.transonnx.layer.Residual;
import ai.transonnx.layer.SummedResidual;

/** The options of residual connections. Immutable. */
public record ResidualOptions(
    @Option(
            value = "combine output and residual with a gated recurrent unit (GRU)",
            defaultValue = "false")
        boolean gateResidual,
    @Option(value = "learned per-feature scale of the residual", defaultValue = "false")
        boolean scaleResidual,
    @Option(value = "constant scale of the residual", defaultValue = "1.0")
        double scaleResidualConstant,
    @Option(
            value = "DeepNorm: post-norm, with residuals scaled according to depth",
            defaultValue = "false")
        boolean deepnorm) {
  public ResidualOptions {
    Ranges.checkFinite("scale_residual_constant", scaleResidualConstant);
    if (deepnorm && scaleResidualConstant != 1) {
      throw new ConfigException(
          "'scale_residual_constant' is %s; it must be 1 with 'deepnorm', which sets it"
              .formatted(scaleResidualConstant));
    }
  }

  /** The residual connection for this model dimension. */
  Residual residual(long dim, int depth) {
    boolean scaled = scaleResidual || deepnorm;
    if (gateResidual) {
      return new GatedResidual(dim, scaled);
    }
    double constant = deepnorm ? Math.pow(2.0 * depth, 0.25) : scaleResidualConstant;
    return new SummedResidual(dim, scaled, constant);
  }
}
