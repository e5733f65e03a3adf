package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.ConditionedFactor;
import ai.transonnx.internal.xtransformers.NormCondition;
import ai.transonnx.internal.xtransformers.PlacedNorm;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.UnitRms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of norms and scales that depend on a condition. Immutable. */
public record ConditionOptions(
    @Option(
            value = "layer norms whose factors depend on the input condition",
            defaultValue = "false",
            since = "1.30.19")
        boolean useAdaptiveLayernorm,
    @Option(
            value = "RMSNorms whose factors depend on the input condition",
            defaultValue = "false",
            since = "1.30.19")
        boolean useAdaptiveRmsnorm,
    @Option(
            value = "multiply each layer's output by factors that depend on the input condition",
            defaultValue = "false",
            since = "1.30.22")
        boolean useAdaptiveLayerscale,
    @Option(
            value = "dimension of the condition (default: dim)",
            defaultValue = "null",
            since = "1.30.19")
        @Nullable Integer dimCondition,
    @Option(
            value = "a linear layer and SiLU on the condition",
            defaultValue = "false",
            since = "1.30.19")
        boolean adaptiveConditionMlp,
    @Option(
            value = "dimension after adaptive_condition_mlp as a multiple of dim_condition",
            defaultValue = "4",
            since = "1.30.19")
        int adaptiveConditionMlpExpansion) {
  private static final int MAX = 1 << 24;

  public ConditionOptions {
    if (useAdaptiveLayernorm && useAdaptiveRmsnorm) {
      throw new ConfigException(
          "'use_adaptive_layernorm' and 'use_adaptive_rmsnorm' are both true; a stack has norms of"
              + " one class");
    }
    if (dimCondition != null) {
      Ranges.checkInteger("dim_condition", dimCondition, 1, MAX);
    }
    Ranges.checkInteger("adaptive_condition_mlp_expansion", adaptiveConditionMlpExpansion, 1, MAX);
  }

  /** Whether norms depend on the condition. */
  boolean isOfNorms() {
    return useAdaptiveLayernorm || useAdaptiveRmsnorm;
  }

  /** The key of the option that selects norms which depend on the condition. */
  String normKey() {
    return useAdaptiveLayernorm ? "use_adaptive_layernorm" : "use_adaptive_rmsnorm";
  }

  /** The key of an option that needs the condition. */
  String key() {
    return isOfNorms() ? normKey() : "use_adaptive_layerscale";
  }

  /** Whether anything depends on the condition. */
  boolean isUsed() {
    return isOfNorms() || useAdaptiveLayerscale;
  }

  /** The condition for this model dimension; null if nothing depends on it. */
  @Nullable NormCondition condition(int dim) {
    return isUsed() ? new NormCondition(given(dim), hidden(dim), adaptiveConditionMlp) : null;
  }

  /** A norm that depends on the condition. */
  PlacedNorm norm(List<String> path, int dim) {
    return new PlacedNorm(
        path,
        useAdaptiveLayernorm ? LayerNorm.withoutWeights(dim) : new UnitRms.Unscaled(dim),
        new ConditionedFactor(hidden(dim), dim, false));
  }

  /** The factors of layers' outputs. */
  ConditionedFactor scale(int dim) {
    return new ConditionedFactor(hidden(dim), dim, true);
  }

  private long given(int dim) {
    return dimCondition == null ? dim : dimCondition;
  }

  private long hidden(int dim) {
    return adaptiveConditionMlp ? given(dim) * adaptiveConditionMlpExpansion : given(dim);
  }
}
