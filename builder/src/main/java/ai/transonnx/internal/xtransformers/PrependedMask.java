package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.attention.PaddingMask;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/** Declares the masks of a sequence and of embeddings that are prepended to it. Stateless. */
final class PrependedMask {
  /** The input that masks prepended embeddings. */
  static final String NAME = "prepend_mask";

  private static final String MASK = "mask";

  private PrependedMask() {}

  /**
   * The mask of prepended embeddings and the sequence: bool {@code [b, p + n]}, or null without
   * masks. The input {@code mask} covers all of it, unless the class also has {@code prepend_mask}.
   *
   * @param sequence any value of the sequence: {@code [b, n, ...]}
   * @param prepended {@code [b, p, ...]}, or null
   */
  static @Nullable Value declare(
      GraphInputs inputs,
      WrapperInputs names,
      Scope scope,
      Value sequence,
      @Nullable Value prepended) {
    var n = sequence.dim(1);
    if (prepended == null) {
      if (inputs.isRequested(NAME)) {
        throw new InputException(
            "input 'prepend_mask' masks 'prepend_embeds'; request both or neither");
      }
      return inputs.mask(MASK, n);
    }
    var before = prepended.dim(1);
    if (!names.has(WrapperInputs.Name.PREPEND_MASK)) {
      return inputs.mask(MASK, before.plus(n));
    }
    var own = inputs.mask(MASK, n);
    var first = inputs.mask(NAME, before);
    if (first == null) {
      return own == null ? null : PaddingMask.before(scope, own, scope.size(prepended, 1), before);
    }
    return scope.concat(1, first, own == null ? ones(scope, sequence, n) : own);
  }

  private static Value ones(Scope scope, Value sequence, Dim n) {
    var one = scope.cast(scope.scalar(1L), ElementType.BOOL);
    return scope.expand(one, scope.sizes(sequence, 0, 2), Shape.of(sequence.dim(0), n));
  }
}
