package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Declares the graph inputs of a layer stack. */
final class StackInputs {
  private static final String MASK = "mask";
  private static final String CONTEXT = "context";
  private static final String CONTEXT_MASK = "context_mask";
  private static final String ATTN_MASK = "attn_mask";

  private StackInputs() {}

  /** The names of the layers' inputs, with their forms. */
  static List<String> names(StackPlan plan) {
    var names = new ArrayList<String>();
    names.add(MASK);
    if (plan.needsContext()) {
      names.add(CONTEXT);
      names.add(CONTEXT_MASK);
    }
    if (plan.selfAttentions() > 0) {
      if (plan.masks().hasPairs()) {
        names.addAll(GraphInputs.forms(ATTN_MASK, GraphInputs.MASK_FORMS));
      }
      if (plan.masks().keys() != null) {
        names.add(plan.masks().keys());
      }
      for (int i = 0; plan.hasMemories() && i < plan.selfAttentions(); i++) {
        names.add("mem_" + i);
      }
    }
    names.addAll(SequenceBounds.names(plan));
    if (plan.condition() != null) {
      names.addAll(plan.condition().vectors().names());
    }
    if (plan.injection().acceptsVectors()) {
      names.addAll(plan.injection().vectors().names());
    }
    return names;
  }

  /**
   * Declares the requested inputs. Without a {@code context_mask}, {@code mask} also masks the
   * context, which must then be as long as the sequence.
   *
   * @param length the length of the wrapper's input
   * @param added the number of positions that the wrapper prepends
   * @throws InputException if the requested inputs cannot be combined
   */
  static LayerInputs declare(GraphInputs inputs, StackPlan plan, Dim batch, Dim length, int added) {
    return declare(inputs, plan, batch, length, added, inputs.mask(MASK, length));
  }

  /**
   * Declares the inputs of a loss. They cover all positions except the last one, which is only a
   * target; a mask may also cover the last one.
   *
   * @param given the layers' input {@code [b, n - 1, ...]}
   * @throws InputException if the requested inputs cannot be combined
   */
  static LayerInputs declareForLoss(
      GraphInputs inputs, Scope scope, StackPlan plan, Value given, int added) {
    var n = given.dim(1);
    var mask = inputs.mask(MASK, Dim.of("mask_length"));
    var cut = mask == null ? null : scope.slice(mask, 1, scope.vector(0), scope.size(given, 1), n);
    return declare(inputs, plan, given.dim(0), n, added, cut);
  }

  /**
   * Declares the requested inputs other than the mask.
   *
   * @param mask bool {@code [b, length]}, or null
   */
  static LayerInputs declare(
      GraphInputs inputs, StackPlan plan, Dim batch, Dim length, int added, @Nullable Value mask) {
    var attention = plan.self();
    var all = length.plus(added);
    boolean masksContext =
        mask != null
            && plan.crossAttentions() > 0
            && !inputs.isRequested(CONTEXT_MASK)
            && plan.cross().padding().masksContext();
    var contextLength = masksContext ? all : Dim.of("context_length");
    var context =
        plan.needsContext()
            ? inputs.required(
                CONTEXT,
                inputs.context().wideType(),
                batch,
                contextLength,
                Dim.of(plan.cross().keyDim()))
            : null;
    var contextMask = inputs.mask(CONTEXT_MASK, contextLength);
    var memories = inputs.memories(plan.selfAttentions(), plan.dim());
    if (!memories.isEmpty()) {
      MemoryCheck.check(plan);
    }
    var past = memories.isEmpty() ? Dim.of(0) : memories.get(0).dim(1);
    var keys = all.plus(past);
    return new LayerInputs(
        mask,
        context,
        contextMask,
        inputs.attentionMask(ATTN_MASK, attention.heads(), all, keys.plus(attention.learnedKeys())),
        keyMask(inputs, plan, keys),
        memories,
        inputs.returnsAttention(),
        SequenceBounds.declare(inputs, plan),
        null,
        conditions(inputs, plan, all, added, !memories.isEmpty()),
        null);
  }

  private static @Nullable Value keyMask(GraphInputs inputs, StackPlan plan, Dim keys) {
    var name = plan.masks().keys();
    var mask = name == null ? null : inputs.mask(name, keys);
    return plan.masks().ignoresKeys() ? null : mask;
  }

  private static Conditions conditions(
      GraphInputs inputs, StackPlan plan, Dim length, int added, boolean hasMemories) {
    var condition = plan.condition();
    var injection = plan.injection();
    boolean injects = injection.acceptsVectors() && inputs.isRequested(injection.vectors().name());
    if (condition != null && condition.vectors().isPerPosition(inputs.context())) {
      checkPositions(condition.vectors(), added > 0 && inputs.context().incremental(), hasMemories);
    }
    return new Conditions(
        condition == null ? null : condition.vectors().declare(inputs, length),
        injects ? injection.vectors().declare(inputs, length) : null,
        List.of());
  }

  private static void checkPositions(
      ConditionVectors vectors, boolean addsPositionsOnce, boolean hasMemories) {
    if (hasMemories) {
      throw new InputException(
          "memories cannot be combined with input '%s:3d', which does not cover them; request '%s'"
              .formatted(vectors.name(), vectors.name()));
    }
    if (addsPositionsOnce) {
      throw new InputException(
          "an incremental graph with memory tokens cannot have input '%s:3d', which also covers them; request '%s'"
              .formatted(vectors.name(), vectors.name()));
    }
  }
}
