package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.OuterResidual;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.GatedResidual;
import ai.transonnx.layer.Residual;
import ai.transonnx.layer.SummedResidual;
import org.jspecify.annotations.Nullable;

/** The options of residual connections. Immutable. */
public record ResidualOptions(
    @Option(
            value = "combine output and residual with a gated recurrent unit (GRU)",
            defaultValue = "false")
        boolean gateResidual,
    @Option(
            value = "learned per-feature scale of the residual",
            defaultValue = "false",
            since = "0.20.3")
        boolean scaleResidual,
    @Option(value = "constant scale of the residual", defaultValue = "1.0", since = "0.25.4")
        double scaleResidualConstant,
    @Option(
            value = "DeepNorm: post-norm, with residuals scaled according to depth",
            defaultValue = "false",
            since = "0.33.0",
            until = "1.19.1")
        boolean deepnorm,
    @Option(
            value =
                "ResiDual: post-norm layers, and a final norm of the sum of all layers' outputs;"
                    + " before 1.15.2 each layer's norm of that sum",
            defaultValue = "false",
            since = "1.14.0",
            until = "1.44.7")
        boolean resiDual,
    @Option(
            value = "scale of what ResiDual sums",
            defaultValue = "1.0",
            since = "1.16.4",
            until = "1.44.7")
        double resiDualScale) {
  public ResidualOptions {
    Ranges.checkFinite("scale_residual_constant", scaleResidualConstant);
    if (!(resiDualScale > 0 && resiDualScale <= 1)) {
      throw ConfigException.notAllowed("resi_dual_scale", resiDualScale, "above 0 and at most 1");
    }
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

  /** Whether there are two residual streams. DeepNorm takes precedence. */
  boolean isDual() {
    return resiDual && !deepnorm;
  }

  /** The second residual stream, or null. */
  @Nullable OuterResidual outer(Profile profile) {
    return isDual()
        ? new OuterResidual(resiDualScale, profile.norms().connectsOuterResidual())
        : null;
  }

  /** These options with a learned per-feature scale and a constant scale. */
  ResidualOptions scaled(double constant) {
    return new ResidualOptions(gateResidual, true, constant, deepnorm, resiDual, resiDualScale);
  }
}
