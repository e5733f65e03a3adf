package ai.transonnx.tokenshift;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.architecture.PastState;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * token-shift-gpt's {@code TokenShiftGPT}, a language model without attention, in both of its
 * modes. Immutable.
 *
 * <p>Input: {@code tokens} int64 {@code [b, n]}. Outputs: {@code logits} {@code [b, n,
 * num_tokens]}; {@code loss}, that of {@code AutoregressiveWrapper}, over all tokens except the
 * first.
 *
 * <p>State: {@code past_position} {@code [b]}, the number of previous positions, and one tensor per
 * layer: {@code past_sum_i} {@code [b, 1, h]} with {@code use_discounted_cumsum}, or else {@code
 * past_gate_i}, the rows that the segment means need.
 */
public record TokenShiftGpt(TokenShiftGptConfig config) implements Architecture {
  private static final String TOKENS = "tokens";
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";

  @Override
  public String className() {
    return "TokenShiftGPT";
  }

  @Override
  public Library library() {
    return Library.TOKEN_SHIFT_GPT;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return BuildContext.of(request).supportsChunks();
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    context.checkInputs(List.of(TOKENS));
    var outputs = context.checkedOutputs(List.of(LOGITS, LOSS));
    var model = context.model(className());
    boolean lossOnly = outputs.equals(List.of(LOSS));
    int maxLength = config.maxSeqLen() + (lossOnly ? 1 : 0);
    context.checkLength(maxLength);
    model.property(MetadataKey.MAX_LENGTH, maxLength);
    model.property(MetadataKey.TOP_K, "floor");

    var tokens = model.tokens(TOKENS, config.numTokens(), context.batch(), context.length());
    var scope = Scope.of(model.graph());
    var pastState = context.pastState(model, scope, tokens);
    if (context.incremental()) {
      model.ragged();
    }
    if (lossOnly) {
      // The last token is only a target, so a call accepts one token more than max_seq_len.
      var given = scope.slice(tokens, 1, 0, -1); // [b, n - 1]
      model.output(LOSS, loss(scope, logits(scope, given, pastState, context), tokens));
      return model.build();
    }
    var logits = logits(scope, tokens, pastState, context); // [b, n, v]
    for (var output : outputs) {
      model.output(
          output,
          output.equals(LOGITS) ? logits : loss(scope, scope.slice(logits, 1, 0, -1), tokens));
    }
    return model.build();
  }

  private static Value loss(Scope scope, Value predicted, Value tokens) {
    var targets = scope.slice(tokens, 1, 1, Scope.END); // [b, n - 1]
    return NextTokenLoss.DEFAULT.of(scope.child("loss"), predicted, targets);
  }

  private Value logits(Scope scope, Value tokens, PastState pastState, BuildContext context) {
    var position =
        pastState.past("position", StateRole.COUNTER, ElementType.INT64, Shape.SCALAR); // [b]
    var length = scope.size(tokens, 1);
    var steps = scope.range(length, tokens.dim(1)); // [n]
    var positions = scope.add(scope.unsqueeze(position, 1), steps); // [b, n]
    pastState.present("position", scope.add(position, length));

    var x =
        scope.add(
            new Embedding(config.numTokens(), config.dim()).of(scope.child("token_emb"), tokens),
            new Embedding(config.maxSeqLen(), config.dim()).of(scope.child("pos_emb"), positions));

    var net = scope.child("net");
    var feedForward = new FeedForward(config.dim(), config.hidden(), GateMixing.of(config));
    for (int layer = 0; layer < config.depth(); layer++) {
      var block = net.child(layer);
      x = block.add(feedForward.of(block.child("fn"), x, layer, position, pastState), x);
    }
    x = context.scoredPositions(net, x);
    x = new LayerNorm(config.dim()).of(net.child(config.depth()), x); // [b, n, d]
    return new Linear(config.dim(), config.numTokens()).last(net.child(config.depth() + 1), x);
  }
}
