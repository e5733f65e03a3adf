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
 * token-shift-gpt's {@code TokenShiftGPT}: tokens to logits, in both of its modes.
 *
 * <p>Inputs: {@code tokens} int64 {@code [b, n]}. Outputs: {@code logits} {@code [b, n,
 * num_tokens]}; {@code loss}, the autoregressive wrapper's, of n tokens of which each but the first
 * is predicted. Incrementally, {@code past_position} {@code [b]} counts the positions so far, and
 * each layer has one state: {@code past_sum_i} {@code [b, 1, h]} in the discounted mode, or {@code
 * past_gate_i}, the rows that the segments need.
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
    int most = config.maxSeqLen() + (lossOnly ? 1 : 0);
    context.checkLength(most);
    model.property(MetadataKey.MAX_LENGTH, most);
    model.property(MetadataKey.TOP_K, "floor");

    var tokens = model.tokens(TOKENS, config.numTokens(), context.batch(), context.length());
    var scope = Scope.of(model.graph());
    var history = context.pastState(model, scope, tokens);
    if (context.incremental()) {
      model.ragged();
    }
    if (lossOnly) {
      // The last token is only predicted, so that a call takes one token more than max_seq_len.
      var given = scope.slice(tokens, 1, 0, -1); // [b, n - 1]
      model.output(LOSS, loss(scope, logits(scope, given, history, context), tokens));
      return model.build();
    }
    var logits = logits(scope, tokens, history, context); // [b, n, v]
    for (var output : outputs) {
      model.output(
          output,
          output.equals(LOGITS) ? logits : loss(scope, scope.slice(logits, 1, 0, -1), tokens));
    }
    return model.build();
  }

  private static Value loss(Scope scope, Value predicted, Value tokens) {
    var followed = scope.slice(tokens, 1, 1, Scope.END); // [b, n - 1]
    return NextTokenLoss.DEFAULT.of(scope.child("loss"), predicted, followed);
  }

  private Value logits(Scope scope, Value tokens, PastState history, BuildContext context) {
    var position =
        history.past("position", StateRole.COUNTER, ElementType.INT64, Shape.SCALAR); // [b]
    var length = scope.size(tokens, 1);
    var steps = scope.range(length, tokens.dim(1)); // [n]
    var positions = scope.add(scope.unsqueeze(position, 1), steps); // [b, n]
    history.present("position", scope.add(position, length));

    var x =
        scope.add(
            new Embedding(config.numTokens(), config.dim()).of(scope.child("token_emb"), tokens),
            new Embedding(config.maxSeqLen(), config.dim()).of(scope.child("pos_emb"), positions));

    var net = scope.child("net");
    var feedForward = new FeedForward(config.dim(), config.hidden(), GateMixing.of(config));
    for (int layer = 0; layer < config.depth(); layer++) {
      var block = net.child(layer);
      x = block.add(feedForward.of(block.child("fn"), x, layer, position, history), x);
    }
    x = context.scoredPositions(net, x);
    x = new LayerNorm(config.dim()).of(net.child(config.depth()), x); // [b, n, d]
    return new Linear(config.dim(), config.numTokens()).last(net.child(config.depth() + 1), x);
  }
}
