package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.SaturatedFeatures;
import ai.transonnx.layer.UnitRms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that select and change the class of norms. Immutable. */
public record NormClassOptions(
    @Option(
            value = "add 1 to the weights of norms (default: from 1.31.3 on)",
            defaultValue = "null",
            since = "1.31.0")
        @Nullable Boolean normAddUnitOffset,
    @Option(value = "RMSNorm without weights", defaultValue = "false", since = "1.17.0")
        boolean useSimpleRmsnorm,
    @Option(
            value = "a hyperbolic tangent of scaled features instead of norms",
            defaultValue = "false",
            since = "2.1.31")
        boolean useDynamicTanh,
    @Option(
            value = "initial scale of the features; from 2.1.36 on, it is added to the stored one",
            defaultValue = "1.0",
            since = "2.1.31")
        double dynamicTanhInitAlpha,
    @Option(
            value = "an error function of scaled features instead of norms",
            defaultValue = "false",
            since = "2.11.24")
        boolean useDerf) {
  public NormClassOptions {
    Ranges.checkFinite("dynamic_tanh_init_alpha", dynamicTanhInitAlpha);
  }

  /** Whether 1 is added to the weights of norms. */
  boolean unitOffset(Profile profile) {
    return normAddUnitOffset == null ? profile.norms().unitOffset() : normAddUnitOffset;
  }

  /** The norm that these options select; null if they select none. */
  @Nullable Norm norm(long dim, Profile profile) {
    if (useSimpleRmsnorm) {
      return new UnitRms.Unscaled(dim);
    }
    boolean offset = unitOffset(profile);
    if (useDynamicTanh) {
      double scaleOffset = profile.norms().offsetOfTanhScale(dynamicTanhInitAlpha);
      return new SaturatedFeatures.Tanh(dim, offset ? scaleOffset : 0, offset ? 1 : 0);
    }
    return useDerf ? new SaturatedFeatures.Erf(dim, offset ? 1 : 0) : null;
  }

  /**
   * Checks that the options of norms select one class only.
   *
   * @param others the keys of other options that select a class
   * @throws ConfigException if they select several and the release refuses that
   */
  void check(List<String> others, boolean preNorm, Profile profile) {
    if (useDynamicTanh && !preNorm) {
      throw new ConfigException("'use_dynamic_tanh' is true; 'pre_norm' must be true as well");
    }
    var keys = new ArrayList<>(others);
    if (useSimpleRmsnorm) {
      keys.add("use_simple_rmsnorm");
    }
    if (useDynamicTanh) {
      keys.add("use_dynamic_tanh");
    }
    if (useDerf) {
      keys.add("use_derf");
    }
    if (keys.size() > 1 && profile.norms().refusesSeveralClasses()) {
      throw new ConfigException(
          "'%s' and '%s' are both true; the norms of a stack have one class"
              .formatted(keys.get(0), keys.get(1)));
    }
  }
}
