package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.ModelBuilder;
import java.util.Optional;

/** Whether a call of a class can go on where the one before ended, and why not. */
final class Incremental {
  private Incremental() {}

  static boolean isPossible(StackPlan plan, GraphRequest request) {
    return refusal(plan, request).isEmpty();
  }

  /**
   * What layers need to go on, if that is asked for.
   *
   * @param memoryTokens how many positions stand before those of the first call
   * @throws InputException if they cannot, with the reason
   */
  static LayerInputs continued(
      LayerInputs inputs,
      StackPlan plan,
      int memoryTokens,
      GraphRequest request,
      ModelBuilder model) {
    if (!request.incremental()) {
      return inputs;
    }
    check(plan, request);
    int reserved = memoryTokens + plan.attention().weights();
    model.property("reserved_slots", Integer.toString(reserved));
    return inputs.withContinuation(Continuation.of(model, request.batch()));
  }

  /**
   * Checks that a graph that is asked for with state can have it.
   *
   * @throws InputException if it cannot, with the reason
   */
  static void check(StackPlan plan, GraphRequest request) {
    if (request.incremental()) {
      refusal(plan, request)
          .ifPresent(
              reason -> {
                throw new InputException("this graph cannot be incremental: " + reason);
              });
    }
  }

  /** Why a graph cannot be incremental; nothing if it can. */
  private static Optional<String> refusal(StackPlan plan, GraphRequest request) {
    var attention = plan.attention();
    boolean seesBack = !plan.causal() && plan.layers().stream().anyMatch(l -> l.shift() > 0);
    if (seesBack || (plan.memories() > 0 && !plan.causal())) {
      return Optional.of("positions see those behind them");
    }
    if (plan.memories() > 0 && attention.rotary() != null && attention.rotary().isScaled()) {
      return Optional.of(
          "'rotary_xpos' scales values by their distance from the middle of the sequence, so that all positions change as it grows");
    }
    var parts = attention.parts();
    if (parts.value() != null && parts.value().heads() != parts.key().heads()) {
      return Optional.of(
          "'attn_collab_heads' has keys of one head and values of all; they are not kept");
    }
    if (plan.needsContext() && attention.maxPast() != null) {
      return Optional.of(
          "'attn_max_attend_past' counts from the end of the context, so that what a position sees of it changes as the sequence grows");
    }
    boolean masks = request.form("mask").isPresent() || request.form("tgt_mask").isPresent();
    if (attention.masksQueries() && masks) {
      return Optional.of(
          "with a mask of the sequence, padding sees all positions, those behind it, too");
    }
    if (plan.needsContext()
        && request.form("mask").isPresent()
        && request.form("context_mask").isEmpty()) {
      return Optional.of("input 'mask' is of the context, too; give 'context_mask'");
    }
    return refusal(request);
  }

  private static Optional<String> refusal(GraphRequest request) {
    for (var name : request.inputs()) {
      if (name.startsWith("mem")) {
        return Optional.of("memories are the state of whole segments; leave out input 'mem'");
      }
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
    for (var name : request.outputs()) {
      if (name.startsWith("mem")) {
        return Optional.of("memories are the state of whole segments; leave out output 'mem'");
      }
      if (name.equals("loss")) {
        return Optional.of("output 'loss' is of whole sequences");
      }
    }
    return Optional.empty();
  }
}
