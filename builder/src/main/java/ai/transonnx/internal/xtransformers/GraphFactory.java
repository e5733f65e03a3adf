package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.graph.Model;
import java.util.Set;

/** The graphs of a class that is planned, whatever release's options the plan comes from. */
public sealed interface GraphFactory
    permits StackModel, TokenModel, VectorModel, ImageModel, EncoderDecoderModel {
  /** Names of tensors that a checkpoint may have for nothing. */
  Set<String> unusedWeights(BuildContext context);

  /** Whether the graph of a request can also be had with state. */
  boolean isIncremental(BuildContext context);

  /**
   * Builds the graph of one use.
   *
   * @throws InputException if there are no such inputs or outputs, or not together
   */
  Model build(BuildContext context);
}
