package ai.transonnx.xtransformers;

import ai.transonnx.attention.HeadOutputs;
import ai.transonnx.attention.HeadScale;
import ai.transonnx.attention.OutputProjection;
import ai.transonnx.attention.OutputTransform;
import ai.transonnx.attention.TensorProduct;
import ai.transonnx.attention.ValueGate;
import ai.transonnx.config.ConfigException;
import java.util.ArrayList;
import java.util.List;

/** Composes the way from the heads' outputs to the output of the library's {@code Attention}. */
record OutputParts(AttentionSetting setting) {
  HeadOutputs compose() {
    return new HeadOutputs(onHeads(), onFeatures(), projection());
  }

  private AttentionOptions options() {
    return setting.options();
  }

  private List<OutputTransform> onHeads() {
    var transforms = new ArrayList<OutputTransform>();
    if (options().tensorProduct()) {
      transforms.add(
          new TensorProduct(
              setting.projection("to_r", setting.keyHeads(), options().valueFeatures())));
    }
    if (options().headScale()) {
      transforms.add(new HeadScale(setting.heads()));
    }
    return transforms;
  }

  private List<OutputTransform> onFeatures() {
    boolean biased = setting.profile().attention().biasedGates();
    return options().gateValues()
        ? List.of(new ValueGate(setting.dim(), setting.features(), biased))
        : List.of();
  }

  private OutputProjection projection() {
    var attention = setting.profile().attention();
    long dim = setting.dim();
    long features = setting.features();
    boolean omitted =
        setting.heads() == 1 && !options().onAttn() && attention.omitsOutputOfOneHead();
    if (omitted && features != dim) {
      throw new ConfigException(
          "'heads' is 1 and 'attn_dim_head' is %s; with one head it must be equal to 'dim', which is %s"
              .formatted(options().dimHead(), dim));
    }
    var kind =
        omitted
            ? OutputProjection.Kind.NONE
            : options().onAttn() ? OutputProjection.Kind.GATED : OutputProjection.Kind.LINEAR;
    return new OutputProjection(features, dim, kind, attention.biasedOutput());
  }
}
