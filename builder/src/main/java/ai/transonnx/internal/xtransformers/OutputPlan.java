package ai.transonnx.internal.xtransformers;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of a wrapper of tokens. Immutable.
 *
 * @param norm the wrapper's norm of the layers' output, or null
 * @param pooling the combination of the embeddings of all positions
 * @param mixture the number of distributions that are mixed; 0 for logits of one distribution
 * @param sigmoid whether the logarithm of their sigmoid is added to logits
 * @param heads the layers that compute logits
 * @param others the other outputs that are computed from embeddings
 */
public record OutputPlan(
    @Nullable PlacedNorm norm,
    Pooling pooling,
    int mixture,
    boolean sigmoid,
    List<LogitHead> heads,
    List<SideHead> others) {
  public OutputPlan {
    heads = List.copyOf(heads);
    others = List.copyOf(others);
  }

  /** The outputs that are not attention maps, memories or the loss; the main ones first. */
  List<String> names(boolean causal) {
    var computed =
        Stream.concat(heads.stream().map(LogitHead::output), others.stream().map(SideHead::output))
            .toList();
    var embeddings = List.of(TokenOutputs.EMBEDDINGS);
    if (!(pooling instanceof Pooling.Attended)) {
      return joined(List.of(computed, embeddings));
    }
    var pooled = List.of(TokenOutputs.POOLED);
    return causal
        ? joined(List.of(computed, embeddings, pooled))
        : joined(List.of(pooled, computed, embeddings));
  }

  private static List<String> joined(List<List<String>> names) {
    return names.stream().flatMap(List::stream).toList();
  }

  /** The outputs of a call that requests none. */
  List<String> main(boolean causal) {
    if (heads.isEmpty() || (pooling instanceof Pooling.Attended && !causal)) {
      return names(causal).subList(0, 1);
    }
    return Stream.concat(
            heads.stream().map(LogitHead::output),
            others.stream().filter(SideHead::isMain).map(SideHead::output))
        .toList();
  }

  /** The head that computes an output. */
  LogitHead head(String output) {
    return heads.stream().filter(head -> head.output().equals(output)).findAny().orElseThrow();
  }

  /** The number of heads whose outputs are numbered; 0 for a single head. */
  int numberedHeads() {
    boolean isNumbered = heads.size() > 1 && heads.get(0).output().equals("logits_0");
    return isNumbered ? heads.size() : 0;
  }

  /** Whether the logits are those of the next token of each position. */
  boolean predictsTokens() {
    return pooling.keepsPositions()
        && heads.size() == 1
        && !heads.get(0).squeezed()
        && heads.get(0).output().equals(TokenOutputs.LOGITS);
  }
}
