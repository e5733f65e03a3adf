package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.RotaryEmbedding.RotatedValues;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.op.Scope;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a graph can be exported with state, that is, whether a call can continue where
 * the previous one ended.
 */
final class IncrementalSupport {
  private static final String MEMORY = "mem_";

  private IncrementalSupport() {}

  /**
   * Whether a sequence can be split into several calls. Not if the graph takes memories, which
   * belong to whole calls.
   */
  static boolean isPossible(StackPlan plan, WrapperPlan sequence, BuildContext context) {
    return !hasMemories(context) && obstacle(plan, sequence, context).isEmpty();
  }

  /** Whether an incremental graph uses Transformer-XL memories. */
  private static boolean hasMemories(BuildContext context) {
    return context.inputs().stream().anyMatch(name -> name.startsWith(MEMORY));
  }

  /**
   * Adds state to the inputs of layers if the graph is incremental.
   *
   * @throws InputException if the graph cannot have state; the message states the reason
   */
  static LayerInputs withState(
      LayerInputs inputs,
      StackPlan plan,
      WrapperPlan sequence,
      BuildContext context,
      ModelBuilder model,
      Scope scope) {
    if (!context.incremental()) {
      return inputs;
    }
    check(plan, sequence, context);
    var pastState = new PastState.Stateful(model, context.batch());
    if (hasMemories(context)) {
      checkSegments(plan, sequence, inputs);
      context.checkLength(sequence.maxLength());
      int before = sequence.memoryTokens() + sequence.memoryLength();
      reserve(model, before + plan.self().memoryKeys());
      model.property(MetadataKey.SEGMENT_LENGTH, sequence.maxLength());
      return inputs.withStep(StepContext.ofSegments(scope, pastState, plan, sequence));
    }
    model.ragged();
    reserve(model, sequence.memoryTokens() + plan.self().memoryKeys());
    if (sequence.maxLength() > 0) {
      model.property(MetadataKey.MAX_LENGTH, sequence.maxLength());
    }
    var slots =
        SlidingWindow.of(plan, sequence, context.length(), inputs.returnsAttention())
            .slots(scope, pastState, model);
    return inputs.withStep(StepContext.of(pastState, slots));
  }

  private static void reserve(ModelBuilder model, int slots) {
    model.property(MetadataKey.RESERVED_SLOTS, slots);
  }

  private static void checkSegments(StackPlan plan, WrapperPlan sequence, LayerInputs inputs) {
    if (plan.selfAttentions() == 0 || sequence.memoryLength() == 0 || sequence.maxLength() == 0) {
      throw new InputException(
          "input 'mem' of an incremental graph needs a class with self-attention, 'max_seq_len' and"
              + " 'max_mem_len'");
    }
    MemoryCheck.check(plan);
    if (plan.self().parts().scores().needKeysInOrder()) {
      throw new InputException(
          "input 'mem' of an incremental graph cannot be combined with 'attn_use_cope', which"
              + " counts the keys of the memory");
    }
    if (inputs.mask() != null || inputs.returnsAttention()) {
      throw new InputException(
          "input 'mem' of an incremental graph cannot be combined with '%s', which covers one segment only"
              .formatted(inputs.mask() != null ? "mask" : "attn"));
    }
  }

  /**
   * Checks that a graph requested with state can have it.
   *
   * @throws InputException if it cannot; the message states the reason
   */
  static void check(StackPlan plan, WrapperPlan sequence, BuildContext context) {
    if (context.incremental()) {
      obstacle(plan, sequence, context)
          .ifPresent(
              reason -> {
                throw new InputException("this graph cannot be incremental: " + reason);
              });
    }
  }

  /** The reason why a graph cannot be incremental; empty if it can. */
  private static Optional<String> obstacle(
      StackPlan plan, WrapperPlan sequence, BuildContext context) {
    if (sequence.obstacle() != null) {
      return Optional.of(sequence.obstacle());
    }
    return obstacle(plan, context);
  }

  private static Optional<String> obstacle(StackPlan plan, BuildContext context) {
    var attention = plan.self();
    boolean attendsLater = plan.selfAttentions() > 0 && !plan.masksLater();
    boolean shiftsBack =
        !plan.causal() && plan.layers().stream().anyMatch(LayerPlan::mixesPositions);
    boolean crossAttendsToItself = plan.crossAttentions() > 0 && !plan.needsContext();
    if (crossAttendsToItself || attendsLater || shiftsBack) {
      return Optional.of("attention is not causal");
    }
    var obstacle = plan.layers().stream().map(layer -> layer.connection().obstacle());
    var first = obstacle.filter(Objects::nonNull).findFirst();
    if (first.isPresent()) {
      return first.map(Objects::requireNonNull);
    }
    var scale = plan.selfAttentions() == 0 ? Optional.<String>empty() : ofScale(plan, context);
    if (scale.isPresent()) {
      return scale;
    }
    if (plan.crossAttentions() > 0 && plan.cross().parts().scores().dependOnDistances()) {
      return Optional.of(
          "'attn_use_rel_proj_pos_bias' measures distances from the end of the context, so they"
              + " change as the sequence grows");
    }
    if (attention.bias() != null && GivenPositions.areOfAttention(plan, context)) {
      return Optional.of(
          "with 'alibi_pos_bias', input 'pos' also gives the positions of earlier keys, which the"
              + " KV cache does not keep");
    }
    if (plan.selfAttentions() > 0 && attention.parts().scores().countsLaterKeys()) {
      return Optional.of(
          "'attn_sparse_topk' selects among the scores of all positions, including later ones, in"
              + " this release");
    }
    if (plan.selfAttentions() > 0 && attention.parts().scores().limitsMasked()) {
      return Optional.of(
          "'attn_logit_softclamp_value' limits the scores of masked keys in this release, so that"
              + " all positions attend to later ones");
    }
    if (plan.crossAttentions() > 0 && plan.cross().parts().scores().isInverted()) {
      return Optional.of(
          "'cross_attn_inverted_attention' divides the attention to a key among all positions");
    }
    if (plan.selfAttentions() > 0 && attention.parts().outputs().orthogonal() != null) {
      return Optional.of(
          "'attn_orthog_projected_values' projects on the values of all positions together");
    }
    if (plan.attentions() > 0 && attention.distances().least() != null) {
      return Optional.of(
          "'attn_max_attend_past' hides all keys of the first positions, which then attend to later"
              + " positions");
    }
    if (plan.needsContext() && plan.cross().distances().most() != null) {
      return Optional.of(
          "'attn_max_attend_past' is measured from the end of the context, so the visible part of"
              + " the context changes as the sequence grows");
    }
    boolean masks = context.form("mask").isPresent() || context.form("tgt_mask").isPresent();
    if (attention.padding().masksQueries() && masks) {
      return Optional.of(
          "with a mask of the sequence, padding attends to all positions, including later ones");
    }
    if (masks && GraphInputs.returnsAttention(context)) {
      return Optional.of(
          "with a mask, the attention map of a position that attends to padding alone covers all"
              + " positions, including later ones");
    }
    if (plan.needsContext()
        && plan.cross().padding().masksContext()
        && context.form("mask").isPresent()
        && context.form("context_mask").isEmpty()) {
      return Optional.of("input 'mask' also masks the context; request 'context_mask' as well");
    }
    return obstacle(context);
  }

  /** The reason why scales of rotary embeddings cannot be kept from call to call. */
  private static Optional<String> ofScale(StackPlan plan, BuildContext context) {
    var attention = plan.self();
    var rotary = attention.rotary();
    if (rotary == null || !rotary.isScaled()) {
      return Optional.empty();
    }
    if (rotary.values() == RotatedValues.ROTATED_LIKE_KEYS) {
      return Optional.of(
          "'rotary_xpos' scales values by their distance from the middle of the sequence, so each"
              + " new position changes all earlier ones and, after a norm, all later layers");
    }
    if (attention.learnedKeys() > 0 || !attention.parts().scores().areOfProducts()) {
      return Optional.of(
          "'rotary_xpos' scales queries and keys by their distance from the middle of the"
              + " sequence. With 'attn_num_mem_kv', 'attn_l2_distance' or 'attn_use_cope', scores"
              + " depend on it, so each new position changes all earlier ones");
    }
    return GivenPositions.areOfAttention(plan, context)
        ? Optional.of(
            "with 'rotary_xpos', input 'pos' also gives the positions of earlier keys, which the KV"
                + " cache does not keep")
        : Optional.empty();
  }

  private static Optional<String> obstacle(BuildContext context) {
    for (var name : context.inputs()) {
      if (name.startsWith("attn_mask") || name.startsWith("self_attn_")) {
        return Optional.of(
            "input '%s' may hide all keys of a position, which then attends to later positions"
                .formatted(name));
      }
      if (name.equals(SequenceBounds.START)) {
        return Optional.of(
            "input 'seq_start_pos' hides all keys of the padding before a sequence, which then"
                + " attends to later positions");
      }
      if (name.equals(SequenceBounds.PREFIX)) {
        return Optional.of(
            "with input 'prefix_attn_len', positions of the prefix attend to later ones");
      }
      if (name.startsWith("src_attn_mask")) {
        return Optional.of(
            "input '%s' does not fit the empty source of later calls".formatted(name));
      }
      if (name.equals("prepend_embeds")) {
        return Optional.of("input 'prepend_embeds' belongs to the first call only");
      }
    }
    for (var name : context.outputs()) {
      if (name.startsWith(MEMORY)) {
        return Optional.of("its state includes the memories; omit output 'mem'");
      }
      if (name.equals(TokenOutputs.POOLED)) {
        return Optional.of("output 'pooled' needs whole sequences");
      }
      if (name.equals("loss")) {
        return Optional.of("output 'loss' needs whole sequences");
      }
    }
    return Optional.empty();
  }
}
