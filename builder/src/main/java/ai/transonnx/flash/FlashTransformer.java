package ai.transonnx.flash;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.architecture.PastState;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.InterleavedRotary;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.layer.SinusoidalEmbedding;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * FLASH-pytorch's {@code FLASHTransformer}, whose cost is linear in sequence length. Immutable.
 *
 * <p>Inputs: {@code tokens} int64 {@code [b, n]}; optionally {@code mask} bool {@code [b, n]},
 * which is false for padding. Outputs: {@code logits} {@code [b, n, num_tokens]}; {@code loss},
 * that of {@code AutoregressiveWrapper}, over all tokens except the first.
 *
 * <p>A causal model can be exported with state: {@code past_position} {@code [b]}, and the state of
 * each layer, which {@link Flash} describes.
 */
public record FlashTransformer(FlashTransformerConfig config) implements Architecture {
  private static final String TOKENS = "tokens";
  private static final String MASK = "mask";
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";

  @Override
  public String className() {
    return "FLASHTransformer";
  }

  @Override
  public Library library() {
    return Library.FLASH;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return config.unit().causal() && BuildContext.of(request).supportsChunks();
  }

  /** All layers store the same rotary frequencies; the graph uses those of the first layer. */
  @Override
  public Set<String> unusedWeights(GraphRequest request) {
    return Set.of("layers.*.rotary_pos_emb.freqs");
  }

  @Override
  public Map<String, List<String>> sharedWeights() {
    var frequencies =
        IntStream.range(0, config.depth())
            .mapToObj("layers.%s.rotary_pos_emb.freqs"::formatted)
            .toList();
    return frequencies.isEmpty()
        ? Map.of()
        : Map.of(frequencies.get(0), frequencies.subList(1, frequencies.size()));
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    context.checkInputs(List.of(TOKENS, MASK));
    var outputs = context.checkedOutputs(List.of(LOGITS, LOSS));
    if (context.incremental() && !isIncremental(request)) {
      throw new InputException(
          "'causal' is false; only a causal FLASHTransformer can be incremental");
    }
    var model = context.model(className());
    model.property(MetadataKey.TOP_K, "floor");
    var tokens = model.tokens(TOKENS, config.numTokens(), context.batch(), context.length());
    @Nullable Value mask =
        context.inputs().contains(MASK)
            ? model.graph().input(MASK, new TensorType(ElementType.BOOL, tokens.shape()))
            : null;
    var scope = Scope.of(model.graph());
    var pastState = context.pastState(model, scope, tokens);
    if (context.incremental()) {
      model.ragged();
      model.property(MetadataKey.GROUP_SIZE, config.groups().groupSize());
    }
    for (var output : outputs) {
      model.output(
          output,
          output.equals(LOGITS)
              ? logits(scope, tokens, mask, pastState, context)
              : loss(scope, tokens, mask, context));
    }
    return model.build();
  }

  private Value loss(Scope scope, Value tokens, @Nullable Value mask, BuildContext context) {
    var maskOfInputs = mask == null ? null : scope.slice(mask, 1, 0, -1); // [b, n - 1]
    return NextTokenLoss.DEFAULT.of(
        scope,
        tokens,
        given -> logits(scope, given, maskOfInputs, new PastState.Empty(scope, given), context));
  }

  private Value logits(
      Scope scope, Value tokens, @Nullable Value mask, PastState pastState, BuildContext context) {
    int dim = config.unit().dim();
    var pastLength = Positions.pastLength(scope, tokens, pastState);
    var positions = Positions.of(scope, tokens, pastLength); // [b, n]
    var embedded = new Embedding(config.numTokens(), dim).of(scope.child("token_emb"), tokens);
    var positionEmbeddings = new SinusoidalEmbedding(dim).of(scope.child("abs_pos_emb"), positions);
    var x = scope.add(embedded, positionEmbeddings); // [b, n, d]

    var layers = scope.child("layers");
    var layer = new FlashLayer(config.layer());
    if (config.depth() > 0) {
      var rotary = layers.child(0).child("rotary_pos_emb");
      int pairs = config.rotatedPairs();
      int groupSize = config.groups().groupSize();
      var shared =
          new FlashLayer.LayerContext(
              mask,
              pairs == 0 ? null : InterleavedRotary.of(rotary, positions, pairs),
              layer.bias().offsets(scope, Positions.range(scope, groupSize)),
              pastLength == null
                  ? null
                  : PartialGroup.of(scope, pastLength, tokens, config.layer()));
      for (int i = 0; i < config.depth(); i++) {
        x = layer.of(layers.child(i), x, shared, i, pastState); // [b, n, d]
      }
    }
    var toLogits = scope.child("to_logits");
    var normed = new LayerNorm(dim).of(toLogits.child(0), context.scoredPositions(scope, x));
    return new Linear(dim, config.numTokens()).last(toLogits.child(1), normed); // [b, n, v]
  }
}
