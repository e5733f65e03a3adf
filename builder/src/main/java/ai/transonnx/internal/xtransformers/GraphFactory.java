package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.graph.Model;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds the graphs of a class from a plan, which is independent of the library's release.
 * Implementations are immutable.
 */
public sealed interface GraphFactory
    permits StackModel, TokenModel, VectorModel, ImageModel, EncoderDecoderModel {
  /**
   * Names of tensors, or patterns with {@code *}, that a checkpoint may contain but no graph uses.
   */
  Set<String> unusedWeights(BuildContext context);

  /** The other names of shared tensors, by the name that the graphs use. */
  default Map<String, List<String>> sharedWeights() {
    return Map.of();
  }

  /** Whether the graph can be exported with state for token-by-token generation. */
  boolean isIncremental(BuildContext context);

  /**
   * Builds a graph.
   *
   * @throws InputException if the requested inputs or outputs are unknown or cannot be combined
   */
  Model build(BuildContext context);
}
