package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** The inputs of a stack of layers, for every class that has one. */
final class WrappedInputs {
  private static final String MASK = "mask";
  private static final String CONTEXT = "context";
  private static final String CONTEXT_MASK = "context_mask";
  private static final String ATTN_MASK = "attn_mask";
  private static final String SELF_MASK = "self_attn_context_mask";

  private WrappedInputs() {}

  /** The names of the inputs that go to the layers, with their forms. */
  static List<String> names(StackPlan plan) {
    var names = new ArrayList<String>();
    names.add(MASK);
    if (plan.needsContext()) {
      names.add(CONTEXT);
      names.add(CONTEXT_MASK);
    }
    if (plan.memories() > 0) {
      names.addAll(GraphInputs.forms(ATTN_MASK, GraphInputs.MASK_FORMS));
      if (!plan.attention().masksQueries()) {
        names.add(SELF_MASK);
      }
      for (int i = 0; i < plan.memories(); i++) {
        names.add("mem_" + i);
      }
    }
    return names;
  }

  /**
   * Declares the inputs that are asked for.
   *
   * @param length the positions that the wrapper is given
   * @param added positions that the wrapper adds before them
   * @throws InputException if inputs are asked for that do not go together
   */
  static LayerInputs declare(GraphInputs inputs, StackPlan plan, Dim batch, Dim length, int added) {
    boolean needsContext = plan.needsContext();
    var features = Dim.of(plan.dim());
    var contextLength = Dim.of("context_length");
    var mask = inputs.mask(MASK, length);
    var context =
        needsContext
            ? inputs.required(CONTEXT, ElementType.FLOAT32, batch, contextLength, features)
            : null;
    var contextMask = inputs.mask(CONTEXT_MASK, contextLength);
    boolean masksQueries = plan.attention().masksQueries();
    if (needsContext && mask != null && contextMask == null && !masksQueries) {
      throw new InputException(
          "input 'mask' is of the sequence; with a context, give 'context_mask', too");
    }
    var memories = inputs.memories(plan.memories(), plan.dim());
    checkMemories(plan, memories);
    var all = length.plus(added);
    var past = memories.isEmpty() ? Dim.of(0) : memories.get(0).dim(1);
    var keys = all.plus(past).plus(plan.attention().weights());
    return new LayerInputs(
        mask,
        context,
        contextMask,
        inputs.attentionMask(ATTN_MASK, plan.attention().heads(), all, keys),
        inputs.mask(SELF_MASK, all),
        memories);
  }

  private static void checkMemories(StackPlan plan, List<Value> memories) {
    var bias = plan.attention().bias();
    if (!memories.isEmpty() && bias != null && bias.isSquare()) {
      throw new InputException(
          "memories do not go with 'dynamic_pos_bias', which takes as many queries as keys");
    }
  }
}
