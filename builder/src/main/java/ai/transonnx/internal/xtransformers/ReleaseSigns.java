package ai.transonnx.internal.xtransformers;

import static ai.transonnx.internal.xtransformers.Sign.since;
import static ai.transonnx.internal.xtransformers.Sign.until;
import static ai.transonnx.internal.xtransformers.Sign.within;

import java.util.List;

/** The tensors that tell releases apart, by their names within a model. Stateless. */
final class ReleaseSigns {
  private static final String MODULE = "(?:^|\\.)layers\\.\\d+\\.1\\.(?:fn\\.)*+";
  private static final String LAYER_NORMS = "(?:^|\\.)layers\\.\\d+\\.0\\.";
  private static final String NORM =
      "(?:^|\\.)(?:layers\\.\\d+\\.0\\.\\d|final_norm|post_emb_norm)\\.";
  private static final String PART = "^(?:encoder\\.|decoder\\.(?:net\\.)?)?";

  /** A line for each boundary. */
  static final List<Sign> ALL =
      List.of(
          until("0.20.1", MODULE + "net\\.2\\.weight$"),
          since("0.20.2", MODULE + "(?:net|ff)\\.3\\.weight$"),
          until("0.21.0", LAYER_NORMS + "(?:weight|bias|g)$"),
          since("0.21.1", LAYER_NORMS + "\\d\\."),
          until("0.22.3", MODULE + "(?:pre|post)_softmax_proj$"),
          within("0.23.0", "1.12.1", MODULE + "(?:pre|post)_softmax_talking_heads\\."),
          since("1.12.2", MODULE + "attend\\.(?:pre|post)_softmax_talking_heads\\."),
          until("0.24.0", "(?:^|\\.)token_emb\\.weight$"),
          since("0.24.1", "(?:^|\\.)token_emb\\.emb\\.weight$"),
          until("0.25.9", MODULE + "to_out\\.(?:0\\.)?bias$"),
          since("0.26.0", MODULE + "to_out\\.(?:0\\.)?weight$").without("weight", "bias"),
          until("0.25.9", MODULE + "collab_mixing$"),
          until("0.26.6", MODULE + "g$"),
          until("0.27.2", PART + "mlp_head\\.net\\."),
          since("0.28.0", PART + "mlp_head\\.weight$"),
          until("0.32.3", MODULE + "net\\."),
          since("0.33.0", MODULE + "ff\\."),
          within("0.20.9", "0.31.0", MODULE + "scale$").ofRank(4),
          until("1.5.4", "(?:^|\\.)pia_pos_emb\\."),
          until("1.7.17", PART + "patch_to_embedding\\.weight$"),
          since("1.8.0", PART + "patch_to_embedding\\.1\\.weight$"),
          until("1.15.0", PART + "norm\\.weight$"),
          since("1.15.1", "(?:^|\\.)final_norm\\."),
          until("1.17.3", MODULE + "ff\\.3\\.weight$").without("3.weight", "1.weight", "1.gamma"),
          since("1.18.0", MODULE + "ff\\.2\\.weight$"),
          until("1.18.0", "(?:^|\\.)rel_pos\\.learned_logslopes$"),
          until("1.19.0", MODULE + "qk_norm_[qk]_scale$").ofRank(1),
          since("1.19.1", MODULE + "qk_norm_[qk]_scale$").ofRank(3),
          until("1.26.6", PART + "project_(?:in|out)\\.bias$"),
          since("1.27.0", PART + "project_(?:in|out)\\.weight$").without("weight", "bias"),
          since("1.23.2", MODULE + "to_v_head_gate\\."),
          until("1.26.6", NORM + "bias$"),
          until("1.26.6", PART + "to_logits\\.bias$")
              .without("to_logits.bias", "to_numerical_output.0.weight"),
          since("1.27.0", PART + "to_logits\\.weight$").without("weight", "bias"),
          within("1.27.1", "1.30.23", NORM + "weight$").without("weight", "bias"),
          since("1.27.0", NORM + "gamma$"),
          since("1.31.0", NORM + "gamma$").without("gamma", "beta"),
          since("1.28.5", PART + "to_logits\\.0\\.weight$"),
          since("1.30.0", MODULE + "gamma$"),
          since("1.30.17", NORM + "to_gamma\\."),
          since("1.30.22", MODULE + "to_gamma\\."),
          until("1.35.1", "^encoder\\.to_logits\\."),
          until("1.40.10", PART + "cls_token$").ofRank(1),
          since("1.40.11", PART + "cls_token$").ofRank(2),
          since("1.42.15", MODULE + "to_value_residual_mix\\."),
          since("1.42.18", "(?:^|\\.)rotary_pos_emb\\.inv_freq$")
              .of(shape -> shape.rank() == 1 && shape.dim(0).size() < 16),
          until("1.44.8", MODULE + "to_r\\."),
          since("2.0.0", MODULE + "to_latent_(?:q|kv)\\."),
          since("2.1.31", NORM + "pre_tanh_scale$"),
          until("2.25.5", MODULE + "to_v_gate\\.bias$"),
          since("2.26.0", MODULE + "to_v_gate\\.weight$").without("weight", "bias"),
          since("2.26.0", MODULE + "to_v_gate\\.(?:down|up)\\."));

  private ReleaseSigns() {}
}
