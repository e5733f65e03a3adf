package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.PastState;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.op.Scope;
import java.util.Optional;

/** Whether a call of a class can go on where the one before ended, and why not. */
final class IncrementalSupport {
  private static final String MEMORY = "mem_";

  private IncrementalSupport() {}

  /** Whether calls of a graph can be had in pieces; memories that are given are of whole calls. */
  static boolean isPossible(StackPlan plan, BuildContext context) {
    return !hasMemories(context) && refusal(plan, context).isEmpty();
  }

  /** Whether an incremental graph is to go on from segment to segment. */
  private static boolean hasMemories(BuildContext context) {
    return context.inputs().stream().anyMatch(name -> name.startsWith(MEMORY));
  }

  /**
   * What layers need to go on, if that is asked for.
   *
   * @throws InputException if they cannot, with the reason
   */
  static LayerInputs continued(
      LayerInputs inputs,
      StackPlan plan,
      SequencePlan sequence,
      BuildContext context,
      ModelBuilder model,
      Scope scope) {
    if (!context.incremental()) {
      return inputs;
    }
    check(plan, context);
    var history = new PastState.Stateful(model, context.batch());
    if (hasMemories(context)) {
      checkSegments(plan, sequence, inputs);
      context.checkLength(sequence.maxLength());
      int before = sequence.memoryTokens() + sequence.memoryLength();
      reserve(model, before + plan.attention().weights());
      model.property(MetadataKey.SEGMENT_LENGTH, sequence.maxLength());
      return inputs.withContinuation(StepContext.ofSegments(scope, history, plan, sequence));
    }
    model.ragged();
    reserve(model, sequence.memoryTokens() + plan.attention().weights());
    if (sequence.maxLength() > 0) {
      model.property(MetadataKey.MAX_LENGTH, sequence.maxLength());
    }
    var slots =
        SlidingWindow.of(plan, sequence, context.length(), inputs.wantsWeights())
            .slots(scope, history, model);
    return inputs.withContinuation(StepContext.of(history, slots));
  }

  private static void reserve(ModelBuilder model, int slots) {
    model.property(MetadataKey.RESERVED_SLOTS, slots);
  }

  private static void checkSegments(StackPlan plan, SequencePlan sequence, LayerInputs inputs) {
    if (plan.selfAttentions() == 0 || sequence.memoryLength() == 0 || sequence.maxLength() == 0) {
      throw new InputException(
          "input 'mem' of an incremental graph is the memory of segments before; this class has none without 'max_mem_len'");
    }
    var bias = plan.attention().bias();
    if (bias != null && bias.isSquare()) {
      throw new InputException(
          "memories do not go with 'dynamic_pos_bias', which takes as many queries as keys");
    }
    if (inputs.mask() != null || inputs.wantsWeights()) {
      throw new InputException(
          "input 'mem' of an incremental graph does not go with '%s', which is of one segment"
              .formatted(inputs.mask() != null ? "mask" : "attn"));
    }
  }

  /**
   * Checks that a graph that is asked for with state can have it.
   *
   * @throws InputException if it cannot, with the reason
   */
  static void check(StackPlan plan, BuildContext context) {
    if (context.incremental()) {
      refusal(plan, context)
          .ifPresent(
              reason -> {
                throw new InputException("this graph cannot be incremental: " + reason);
              });
    }
  }

  /** Why a graph cannot be incremental; nothing if it can. */
  private static Optional<String> refusal(StackPlan plan, BuildContext context) {
    var attention = plan.attention();
    boolean seesOthers =
        plan.selfAttentions() > 0 || plan.layers().stream().anyMatch(l -> l.shift() > 0);
    boolean seesAll = plan.crossAttentions() > 0 && !plan.needsContext();
    if (seesAll || (seesOthers && !plan.causal())) {
      return Optional.of("positions see those behind them");
    }
    if (plan.selfAttentions() > 0 && attention.rotary() != null && attention.rotary().isScaled()) {
      return Optional.of(
          "'rotary_xpos' scales values by their distance from the middle of the sequence, so that with each position all before it change, and behind a norm all layers above");
    }
    var parts = attention.parts();
    if (parts.value() != null && parts.value().heads() != parts.key().heads()) {
      return Optional.of(
          "'attn_collab_heads' has keys of one head and values of all; they are not kept");
    }
    if (plan.attentions() > 0 && attention.minPast() != null) {
      return Optional.of(
          "'attn_max_attend_past' hides all keys of the first positions, which then see those behind them, too");
    }
    if (plan.needsContext() && attention.maxPast() != null) {
      return Optional.of(
          "'attn_max_attend_past' counts from the end of the context, so that what a position sees of it changes as the sequence grows");
    }
    boolean masks = context.form("mask").isPresent() || context.form("tgt_mask").isPresent();
    if (attention.masksQueries() && masks) {
      return Optional.of(
          "with a mask of the sequence, padding sees all positions, those behind it, too");
    }
    if (masks && GraphInputs.wantsWeights(context)) {
      return Optional.of(
          "with a mask, the map of a position that sees padding alone is of all positions, those behind it, too");
    }
    if (plan.needsContext()
        && context.form("mask").isPresent()
        && context.form("context_mask").isEmpty()) {
      return Optional.of("input 'mask' is of the context, too; give 'context_mask'");
    }
    return refusal(context);
  }

  private static Optional<String> refusal(BuildContext context) {
    for (var name : context.inputs()) {
      if (name.startsWith("attn_mask") || name.equals("self_attn_context_mask")) {
        return Optional.of(
            "input '%s' may hide all keys of a position, which then sees those behind it, too"
                .formatted(name));
      }
      if (name.startsWith("src_attn_mask")) {
        return Optional.of("input '%s' is of a source of one length".formatted(name));
      }
      if (name.equals("prepend_embeds")) {
        return Optional.of("input 'prepend_embeds' is of the first call alone");
      }
    }
    for (var name : context.outputs()) {
      if (name.startsWith(MEMORY)) {
        return Optional.of("memories go round within its state; leave out output 'mem'");
      }
      if (name.equals("loss")) {
        return Optional.of("output 'loss' is of whole sequences");
      }
    }
    return Optional.empty();
  }
}
