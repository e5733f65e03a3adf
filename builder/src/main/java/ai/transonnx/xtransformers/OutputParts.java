package ai.transonnx.xtransformers;

import ai.transonnx.attention.FeatureGate;
import ai.transonnx.attention.HeadGate;
import ai.transonnx.attention.HeadOutputs;
import ai.transonnx.attention.HeadScale;
import ai.transonnx.attention.OrthogonalOutput;
import ai.transonnx.attention.OutputProjection;
import ai.transonnx.attention.OutputTransform;
import ai.transonnx.attention.TensorProduct;
import ai.transonnx.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes the way from the heads' outputs to the output of the library's {@code Attention}. */
record OutputParts(AttentionSetting setting) {
  HeadOutputs compose() {
    int copies = options().values().orthogonalCopies();
    return new HeadOutputs(
        onHeads(),
        onFeatures(),
        copies == 0 ? null : new OrthogonalOutput(copies),
        projection(Math.max(1, copies) * setting.features()));
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
    if (options().gates().gateValueHeads()) {
      transforms.add(new HeadGate(setting.dim(), setting.heads()));
    }
    return transforms;
  }

  private List<OutputTransform> onFeatures() {
    var gates = options().gates();
    if (!options().gateValues() && !gates.outputGate()) {
      return List.of();
    }
    var input =
        options().gateValues()
            ? gate("to_v_gate", setting.dim(), gates.gateValuesRank(), gates.gateValuesHeadwise())
            : null;
    var output =
        gates.outputGate()
            ? gate(
                "to_output_gate",
                setting.features(),
                gates.outputGateRank(),
                gates.outputGateHeadwise())
            : null;
    var activation =
        gates.swigluValues() ? FeatureGate.Activation.SILU : FeatureGate.Activation.SIGMOID;
    return List.of(new FeatureGate(input, output, setting.heads(), activation));
  }

  private FeatureGate.Projection gate(
      String name, long dim, @Nullable Integer rank, boolean headwise) {
    long out = headwise ? setting.heads() : setting.features();
    if (rank != null && rank >= Math.max(dim, out)) {
      throw new ConfigException(
          "the rank of the gate '%s' is %s; it must be less than %s, the larger of its numbers of inputs and outputs"
              .formatted(name, rank, Math.max(dim, out)));
    }
    var attention = setting.profile().attention();
    boolean activated = options().gates().lowRankSiluGates() && attention.activatesGateRanks();
    return new FeatureGate.Projection(name, dim, out, attention.biasedGates(), rank, activated);
  }

  private OutputProjection projection(long features) {
    var attention = setting.profile().attention();
    long dim = setting.dim();
    boolean omitted =
        options().output().omitsProjection(setting.heads(), options().onAttn(), attention);
    if (omitted && features != dim) {
      throw new ConfigException(
          "'heads' is %s and 'attn_dim_head' is %s; without an output projection all heads must have 'dim' features together, which is %s"
              .formatted(setting.heads(), options().dimHead(), dim));
    }
    var kind =
        omitted
            ? OutputProjection.Kind.NONE
            : options().onAttn() ? OutputProjection.Kind.GATED : OutputProjection.Kind.LINEAR;
    return new OutputProjection(features, dim, kind, attention.biasedOutput());
  }
}
