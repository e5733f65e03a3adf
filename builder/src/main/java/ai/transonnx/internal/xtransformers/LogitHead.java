package ai.transonnx.internal.xtransformers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer that computes logits. Immutable.
 *
 * @param output the name of the output
 * @param projection the linear layer; null if the token embeddings are its weight
 * @param squeezed whether the axis of logits is removed, since there is one logit
 */
public record LogitHead(String output, @Nullable Projection projection, boolean squeezed) {
  /**
   * A linear layer to logits.
   *
   * @param path the names of its modules
   * @param count the number of logits
   * @param biased whether the layer has a bias
   */
  public record Projection(List<String> path, int count, boolean biased) {
    public Projection {
      path = List.copyOf(path);
    }
  }
}
