package ai.transonnx.internal.xtransformers;

import static java.util.Map.entry;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The changes between releases that names and shapes of tensors do not show, in words. Stateless.
 */
public final class ReleaseChanges {
  private static final Map<String, String> CHANGES =
      Map.ofEntries(
          entry(
              "0.17.12",
              "learned position embeddings are multiplied by the inverse square root of their"
                  + " size"),
          entry("0.20.8", "ReZero covers feedforward layers"),
          entry("0.28.1", "ALiBi depends on the distance of queries and keys"),
          entry("0.30.0", "the scale of cosine similarities is a sigmoid of the learned parameter"),
          entry("0.33.1", "ScaleNorm divides by the norm, not by the root mean square"),
          entry("1.0.2", "position biases count queries after the memories"),
          entry("1.0.4", "attn_qk_norm_scale is 10 by default, not 1"),
          entry("1.4.0", "masks hide keys and set masked outputs to 0; they do not hide queries"),
          entry("1.6.4", "dynamic position bias has SiLU, not ReLU"),
          entry("1.9.0", "attn_qk_norm_dim_scale exists, without a further scale"),
          entry("1.9.2", "attn_qk_norm_scale applies with attn_qk_norm_dim_scale"),
          entry("1.10.0", "residual attention passes on masked scores"),
          entry("1.12.0", "residual attention passes on scores with biases"),
          entry("1.15.1", "the last layer of a post-norm stack has its norm"),
          entry("1.16.4", "resi_dual sums outputs without the scales and gates of residuals"),
          entry("1.16.19", "attn_sparse_topk keeps the keys below the k-th score, by mistake"),
          entry("1.17.2", "cross-attention does not use the mask of the sequence for the context"),
          entry("1.18.2", "residual attention passes on masked scores again"),
          entry("1.20.0", "rotary embeddings do not rotate values"),
          entry("1.22.8", "the mask of the keys is called self_attn_kv_mask"),
          entry("1.22.19", "the mask of the keys has an effect"),
          entry("1.22.22", "with attn_flash, queries without a visible key have an output of 0"),
          entry("1.25.2", "options with the prefix cross_attn_ exist"),
          entry("1.25.11", "a mask covers prepended embeddings as well"),
          entry("1.27.3", "disable_abs_pos_emb exists"),
          entry("1.27.5", "memories pass the norm of the layer"),
          entry("1.27.20", "ScaleNorm multiplies by the square root of the dimension"),
          entry("1.28.1", "position biases do not count memory keys"),
          entry("1.29.0", "layers refuse options that they do not have, and ignore none"),
          entry("1.30.1", "rotary embeddings rotate neighboring features, not halves"),
          entry("1.30.8", "CoPE weighs all position embeddings by their distance"),
          entry(
              "1.30.9",
              "CoPE interpolates the two nearest position embeddings, unless cope_soft_onehot_pos"
                  + " is true"),
          entry("1.31.0", "norm_add_unit_offset exists"),
          entry(
              "1.31.3",
              "weights of norms are stored minus 1 (norm_add_unit_offset is true by default)"),
          entry("1.31.5", "limits of scores need the flag attn_softclamp_logits"),
          entry("1.31.6", "the limit of the output needs the flag softclamp_output"),
          entry("1.31.8", "layer scales are stored minus 1, if weights of norms are"),
          entry("1.31.10", "the default limit of outputs is 30, not 50"),
          entry("1.31.14", "the default limit of scores is 50, not 30"),
          entry("1.32.0", "queries without a visible key have an output of 0"),
          entry("1.37.10", "attn_sparse_topk keeps the greatest scores again"),
          entry("1.40.0", "residual_attn adds the scores before attn_sparse_topk masks them"),
          entry("1.40.8", "cross-attention mixes values with those of its first layer"),
          entry("1.41.1", "data-dependent ALiBi leaves out the gate of the key itself"),
          entry("1.42.3", "values and those of the first layer are averaged, not added"),
          entry("1.42.4", "values are mixed before memory values are added"),
          entry("1.42.18", "rotary embeddings may rotate fewer than 32 features"),
          entry("1.42.24", "cross-attention does not learn the mix of values"),
          entry("1.42.28", "learned_value_residual_mix is true by default"),
          entry("1.43.1", "the residual streams have the option tanh"),
          entry("1.43.4", "residual streams are summed before the final norm"),
          entry("2.1.2", "weights of earlier layers are computed from normalized features"),
          entry("2.1.36", "dynamic tanh adds its initial value to the stored scale"),
          entry(
              "2.3.11",
              "the loss takes the second output for a variance, not a standard deviation"),
          entry("2.5.1", "attention pooling has the heads of the layers"),
          entry("2.5.6", "pre_norm_has_final_norm has an effect"),
          entry("2.11.11", "given positions apply to attention as well as to embeddings"),
          entry("2.14.0", "residual streams are mixed by doubly stochastic matrices"),
          entry("2.19.3", "means of split residuals leave out padding"),
          entry(
              "2.25.5",
              "attn_qk_norm_dim_scale replaces attn_qk_norm_scale; memory keys are normalized in"
                  + " groups"),
          entry("2.26.0", "output gates exist, and gates have no bias"),
          entry("2.26.3", "gates of low rank have SiLU by default"));

  private ReleaseChanges() {}

  /**
   * The changes after a release, up to another one. If there are none, they are the options of
   * layers that exist from one of these releases on: earlier ones ignored them.
   */
  public static List<String> between(Release before, Release last) {
    var changes = new TreeMap<Release, String>();
    CHANGES.forEach((number, change) -> add(number, change, before, last, changes));
    if (changes.isEmpty()) {
      for (var option : ConfigOption.all(AttentionLayersConfig.class)) {
        add(option.releases().since(), option.key() + " exists", before, last, changes);
      }
    }
    return List.copyOf(changes.values());
  }

  private static void add(
      String number, String change, Release before, Release last, Map<Release, String> changes) {
    if (!number.isEmpty() && !before.since(number) && last.since(number)) {
      var line = "from %s on, %s".formatted(number, change);
      changes.merge(Release.of(number), line, (one, other) -> one + "; " + other);
    }
  }
}
