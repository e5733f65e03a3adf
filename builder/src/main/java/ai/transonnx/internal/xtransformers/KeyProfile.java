package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.Release;
import java.util.List;

/** The names of modules and the layout of weights. Immutable. */
public record KeyProfile(Release release) {
  /** The storage order of the linear layers' weights. */
  public MatrixOrder matrixOrder() {
    return release.isPort() ? MatrixOrder.INPUTS_FIRST : MatrixOrder.OUTPUTS_FIRST;
  }

  /** The submodules of a feedforward layer. */
  public FeedForward.Names feedForward(boolean normed) {
    return new FeedForward.Names(release.since("0.33.0") ? "ff" : "net", lastLinear(normed));
  }

  private int lastLinear(boolean normed) {
    if (release.since("1.18.0")) {
      return normed ? 3 : 2;
    }
    return release.since("0.20.2") ? 3 : 2;
  }

  /** The modules from the wrapper's to that of the token embeddings. */
  public List<String> tokenTable() {
    return release.since("0.24.1") ? List.of("token_emb", "emb") : List.of("token_emb");
  }

  /** The submodules from a layer to its norm, of which it has up to three. */
  public List<String> layerNorm(int index) {
    return release.since("0.21.1") ? List.of("0", Integer.toString(index)) : List.of("0");
  }

  /** The submodule of attention that mixes the scores of heads before or after the softmax. */
  public String talkingHeads(String when) {
    if (!release.since("0.23.0")) {
      return when + "_softmax_proj";
    }
    return (release.since("1.12.2") ? "attend." : "") + when + "_softmax_talking_heads";
  }
}
