package ai.transonnx.internal.guess;

import ai.transonnx.xtransformers.AttentionLayersConfig;
import java.util.List;
import java.util.TreeSet;

/** The attention layers of x-transformers and of its port. */
final class LayersGuess {
  private final Tensors tensors;
  private final Origin origin;
  private final Options options;

  private LayersGuess(Tensors tensors, Origin origin) {
    this.tensors = tensors;
    this.origin = origin;
    this.options = Options.of(AttentionLayersConfig.class, origin);
  }

  static Options of(Tensors tensors, Origin origin, LayerSequence.Context context) {
    var guess = new LayersGuess(tensors, origin);
    guess.guess(context);
    SilentOptions.ofLayers(guess.options);
    return guess.options;
  }

  private void guess(LayerSequence.Context context) {
    long dim = dim();
    options.number("dim", dim);
    Features.guess(tensors, options);
    var sequence = new LayerSequence(tensors, origin, context, options);
    sequence.guess();
    new NormGuess(tensors, origin, options).guess();
    new ConnectionGuess(tensors, sequence, options).guess();
    attention(sequence, dim);
    new FeedForwardGuess(tensors.modules(sequence.layers('f')), origin, options).guess(dim);
    new PositionGuess(tensors, origin, options).guess();
  }

  private long dim() {
    int inputs = origin.isPort() ? 0 : 1;
    for (var projection :
        new String[] {
          "to_latent_q\\.weight$", "to_q\\.weight$", "(ff|net)\\.0\\.(0|proj)\\.weight$"
        }) {
      long dim = tensors.sizeLike("^layers\\.\\d+\\.1\\.(fn\\.)*" + projection, inputs);
      if (dim > 0) {
        return dim;
      }
    }
    return 0;
  }

  private void attention(LayerSequence sequence, long dim) {
    var cross = sequence.crossAttention(dim);
    var self = new TreeSet<>(sequence.layers('a'));
    cross.forEach(self::remove);
    var own = tensors.modules(self);
    var others = tensors.modules(cross);
    long heads = new HeadCounts(tensors, origin).of(List.of(own, others));
    var ofOwn = new AttentionGuess(own, origin, options).guess(dim, heads);
    options.prefixed("attn_", ofOwn);
    if (!cross.isEmpty()) {
      var ofOthers = new AttentionGuess(others, origin, options).guess(dim, heads);
      options.differences("cross_attn_", ofOwn, ofOthers);
    } else if (sequence.mayMix()) {
      options.unknown("cross_attn_", ofOwn);
    }
    if (sequence.mayAttendToContext()) {
      options.unknown("cross_residual_attn", "cross_attn_inverted_attention");
    }
  }
}
