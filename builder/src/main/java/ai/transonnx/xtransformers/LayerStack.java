package ai.transonnx.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.Positions;
import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.FeedForward;
import ai.transonnx.layer.ShiftedFeatures;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The library's {@code AttentionLayers}: the layers one after the other. */
final class LayerStack {
  /**
   * What comes of a call.
   *
   * @param out {@code [b, n, dim]}
   * @param hiddens what went into each layer that attends to its own sequence {@code [b, n, dim]}
   * @param attention each attention's weights {@code [b, h, n, j]}
   */
  record Result(Value out, List<Value> hiddens, List<Value> attention) {}

  private final AttentionLayersConfig config;
  private final LayerOptions options;
  private final LayerInputs inputs;
  private final AttentionBiases biases;
  private final @Nullable Rotations rotations;
  private final Attention attention;
  private final FeedForward feedForward;
  private final List<Value> hiddens = new ArrayList<>();
  private final List<Value> weights = new ArrayList<>();
  private @Nullable Value selfScores;
  private @Nullable Value crossScores;

  private LayerStack(AttentionLayersConfig config, Scope scope, Value x, LayerInputs inputs) {
    this.config = config;
    this.options = config.options();
    this.inputs = inputs;
    this.biases = AttentionBiases.of(scope, config, x, inputs);
    this.rotations = rotations(config, scope, x, inputs);
    this.attention =
        new AttentionParts(config.dim(), options.heads(), options.attention()).compose();
    var hidden = options.feedForward();
    this.feedForward =
        new FeedForward(
            config.dim(),
            config.hidden(),
            hidden.activation(),
            hidden.glu(),
            hidden.postActLn(),
            !hidden.noBias());
  }

  /**
   * Applies the layers.
   *
   * @param scope where {@code layers} is
   * @param x {@code [b, n, dim]}
   */
  static Result of(AttentionLayersConfig config, Scope scope, Value x, LayerInputs inputs) {
    return new LayerStack(config, scope, x, inputs).apply(scope.child("layers"), x);
  }

  private static @Nullable Rotations rotations(
      AttentionLayersConfig config, Scope scope, Value x, LayerInputs inputs) {
    var embedding = config.options().rotary().embedding(config.options().attention().dimHead());
    if (embedding == null || config.memories() == 0) {
      return null;
    }
    var queryCount = scope.size(x, 1);
    var keyCount = queryCount;
    Dim keys = x.dim(1);
    if (!inputs.memories().isEmpty()) {
      var memory = inputs.memories().get(0);
      keyCount = scope.add(scope.size(memory, 1), queryCount);
      keys = memory.dim(1).plus(keys);
    }
    var positions = Positions.of(scope, queryCount, x.dim(1), keyCount, keys);
    return embedding.of(scope.child("rotary_pos_emb"), positions);
  }

  private Result apply(Scope layers, Value input) {
    var kinds = config.layers();
    var norm = options.norms().norm(config.dim());
    var residual = options.residuals().residual(config.dim(), options.depth());
    var x = input; // [b, n, d]
    for (int i = 0; i < kinds.size(); i++) {
      var scope = layers.child(i);
      var norms = scope.child(0);
      var before = options.norms().preNorm() ? norm.of(norms.child(0), x) : x;
      var branch = branch(scope.child(1), kinds.get(i), i, x, before);
      if (options.norms().sandwichNorm()) {
        branch = norm.of(norms.child(1), branch);
      }
      x = residual.of(scope.child(2), branch, x);
      if (!options.norms().preNorm() && i < kinds.size() - 1) {
        x = norm.of(norms.child(2), x);
      }
    }
    return new Result(x, List.copyOf(hiddens), List.copyOf(weights));
  }

  /** What a layer makes of its normalized input; {@code residual} is the input itself. */
  private Value branch(Scope module, LayerKind kind, int index, Value residual, Value input) {
    var scope = module;
    var x = input;
    int shift = shift(index);
    if (shift > 0) {
      var kept = kind == LayerKind.FEED_FORWARD ? null : inputs.mask();
      x = new ShiftedFeatures(config.isCausal() ? 0 : -shift, shift).of(module, x, kept);
      scope = scope.child("fn");
    }
    return switch (kind) {
      case ATTENTION -> selfAttention(scope, residual, x);
      case CROSS_ATTENTION -> crossAttention(scope, x);
      case FEED_FORWARD -> feedForward(scope, x);
    };
  }

  private int shift(int index) {
    var shifts = options.layout().shiftTokens();
    return shifts.get(shifts.size() == 1 ? 0 : index);
  }

  private Value feedForward(Scope scope, Value x) {
    return options.layout().macaron()
        ? scope.mul(feedForward.of(scope.child("fn"), x), scope.scalar(0.5f))
        : feedForward.of(scope, x);
  }

  private Value selfAttention(Scope scope, Value residual, Value x) {
    var keys = x;
    if (!inputs.memories().isEmpty()) {
      keys = scope.concat(1, inputs.memories().get(hiddens.size()), x); // [b, past + n, d]
    }
    hiddens.add(residual);
    var call = new Attention.Call(x, keys, rotations, selfScores, biases.self());
    var result = attention.of(scope, call);
    if (options.residualAttn()) {
      selfScores = result.scores();
    }
    return finish(scope, result);
  }

  private Value crossAttention(Scope scope, Value x) {
    var keys = inputs.context() == null ? x : inputs.context();
    var call = new Attention.Call(x, keys, null, crossScores, biases.cross());
    var result = attention.of(scope, call);
    if (options.crossResidualAttn()) {
      crossScores = result.scores();
    }
    return finish(scope, result);
  }

  /** Positions that are padding become zero. */
  private Value finish(Scope scope, Attention.Result result) {
    weights.add(result.weights());
    return inputs.mask() == null
        ? result.out()
        : scope.where(scope.unsqueeze(inputs.mask(), 2), result.out(), scope.scalar(0f));
  }
}
