package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Passes;
import ai.transonnx.layer.Linear;

/** The options of repeated passes through the layers. Immutable. */
public record PassOptions(
    @Option(
            value = "add the projected output to the input and apply the layers again",
            defaultValue = "false",
            since = "1.36.0")
        boolean recycling,
    @Option(
            value = "most passes with recycling",
            defaultValue = "4",
            trainingOnly = true,
            since = "1.36.0")
        int trainMaxRecycleSteps,
    @Option(
            value = "number of passes with recycling, an argument of calls in the library",
            defaultValue = "3",
            since = "1.36.0")
        int recycleSteps,
    @Option(
            value = "apply the layers to their own output; needs pre_and_post_norm",
            defaultValue = "false",
            since = "2.17.10")
        boolean looped,
    @Option(value = "number of passes if looped", defaultValue = "4", since = "2.17.10")
        int maxLoopedSteps,
    @Option(
            value = "must be false: an exit that depends on data has no fixed number of passes",
            defaultValue = "false",
            since = "2.18.5")
        boolean loopedInference,
    @Option(
            value =
                "whether calls that continue others are given new tokens only; no effect, as those"
                    + " of incremental graphs always are",
            defaultValue = "false",
            since = "2.15.1")
        boolean inputNotIncludeCache) {
  private static final int MAX = 1 << 10;

  public PassOptions {
    Ranges.checkInteger("train_max_recycle_steps", trainMaxRecycleSteps, 1, MAX);
    Ranges.checkInteger("recycle_steps", recycleSteps, 1, MAX);
    Ranges.checkInteger("max_looped_steps", maxLoopedSteps, 1, MAX);
    if (recycling && looped) {
      throw new ConfigException("set only one of 'recycling' and 'looped'");
    }
    if (loopedInference) {
      throw ConfigException.notAllowed(
          "looped_inference",
          true,
          "false: the number of passes would depend on the data; a graph has 'max_looped_steps'");
    }
  }

  /** The passes of a wrapper with these layers. */
  Passes plan(AttentionLayersConfig layers) {
    if (recycling) {
      return new Passes(recycleSteps, false, new Linear(layers.dim(), layers.dim(), false));
    }
    if (!looped) {
      return Passes.ONE;
    }
    if (!layers.options().norms().end().preAndPostNorm()) {
      throw ConfigException.notAllowed("looped", true, "false without 'pre_and_post_norm'");
    }
    return new Passes(maxLoopedSteps, true, null);
  }
}
