package ai.transonnx.blockrecurrent;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.Dim;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.layer.Projection;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * block-recurrent-transformer-pytorch's {@code BlockRecurrentTransformer}, which processes tokens
 * block by block and passes memories and recurrent states between calls. Immutable.
 *
 * <p>Input: {@code tokens} int64 {@code [b, n]}, where n is at most {@code max_seq_len}. Outputs:
 * {@code logits} {@code [b, n, num_tokens]}; {@code loss}, over all tokens except the first.
 *
 * <p>Optional state: {@code xl_memory_i} {@code [2, b, m, d]}, the keys and values of earlier
 * blocks in each layer, and {@code state_i} {@code [b, s, dim]}, the state vectors of each
 * recurrent layer. If one of them is requested, as input or output, the graph has all of them, as
 * {@code past_NAME} and {@code present_NAME}. The first call passes memories of length 0 and states
 * without vectors, which the graph replaces by the learned initial states.
 *
 * <p>An incremental graph also has {@code past_block_i} {@code [2, b, p, d]}, the keys and values
 * of the incomplete block. States and memories are written only when a block is complete, so that
 * sequences of any length can be processed in chunks. This is how the library generates.
 */
public record BlockRecurrentTransformer(BlockRecurrentConfig config) implements Architecture {
  private static final String TOKENS = "tokens";
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";
  private static final String MEMORY = "xl_memory_";
  private static final String STATE = "state_";
  private static final String BLOCK = "block_";

  @Override
  public String className() {
    return "BlockRecurrentTransformer";
  }

  @Override
  public Library library() {
    return Library.BLOCK_RECURRENT;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return BuildContext.of(request).supportsChunks();
  }

  /** The incremental graph, which computes the same as the library's segments with memories. */
  @Override
  public GraphRequest generation() {
    return GraphRequest.builder().incremental(true).build();
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    var inputs = new ArrayList<>(List.of(TOKENS));
    inputs.addAll(stateNames());
    context.checkInputs(inputs);
    var known = new ArrayList<>(List.of(LOGITS, LOSS));
    known.addAll(stateNames());
    var outputs = context.checkedOutputs(known);
    boolean hasState =
        context.inputs().stream().anyMatch(stateNames()::contains)
            || outputs.stream().anyMatch(stateNames()::contains);
    if (hasState && outputs.contains(LOSS)) {
      throw new InputException(
          "output 'loss' covers a single call; it cannot be combined with memories");
    }
    var model = context.model(className());
    model.property(MetadataKey.TOP_K, "ceil");
    if (!context.incremental()) {
      int maxLength = config.maxSeqLen() + (outputs.equals(List.of(LOSS)) ? 1 : 0);
      context.checkLength(maxLength);
      model.property(MetadataKey.MAX_LENGTH, maxLength);
    }
    var tokens = model.tokens(TOKENS, config.numTokens(), context.batch(), context.length());
    var scope = Scope.of(model.graph());
    var blockLoop = new BlockLoop(config, context.incremental());
    if (context.incremental() || hasState) {
      var result = logits(scope, tokens, blockLoop, past(model, scope, context), context);
      model.output(LOGITS, result.out());
      present(model, context, result.state());
      return model.build();
    }
    for (var output : outputs) {
      model.output(
          output,
          output.equals(LOGITS)
              ? logits(scope, tokens, blockLoop, emptyState(scope, tokens, blockLoop), context)
                  .out()
              : loss(scope, tokens, blockLoop, context));
    }
    return model.build();
  }

  private List<String> stateNames() {
    var names = new ArrayList<>(names(MEMORY, config.depth()));
    names.addAll(names(STATE, config.writers().size()));
    return names;
  }

  private static List<String> names(String prefix, int count) {
    var names = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  private BlockLoop.State past(ModelBuilder model, Scope scope, BuildContext context) {
    var partial = context.incremental() ? names(BLOCK, config.depth()) : List.<String>of();
    return new BlockLoop.State(
        names(MEMORY, config.depth()).stream()
            .map(name -> pastKeys(model, scope, context, name, "memory_past"))
            .toList(),
        names(STATE, config.writers().size()).stream()
            .map(name -> pastState(model, context, name))
            .toList(),
        partial.stream().map(name -> pastKeys(model, scope, context, name, "block_past")).toList());
  }

  private Value pastKeys(
      ModelBuilder model, Scope scope, BuildContext context, String name, String positions) {
    var first = Shape.of(Dim.of(2), context.batch(), Dim.of(0), Dim.of(config.dimHead()));
    var shape = first.with(2, Dim.of(positions));
    var past = model.past(name, StateRole.MEMORY, new TensorType(scope.cacheType(), shape), first);
    return scope.operand(past);
  }

  private Value pastState(ModelBuilder model, BuildContext context, String name) {
    var first = Shape.of(context.batch(), Dim.of(0), Dim.of(config.dim()));
    var shape = first.with(1, Dim.of("state_past"));
    return model.past(name, StateRole.MEMORY, new TensorType(context.wideType(), shape), first);
  }

  private void present(ModelBuilder model, BuildContext context, BlockLoop.State state) {
    var names = stateNames();
    if (context.incremental()) {
      names = new ArrayList<>(names);
      names.addAll(names(BLOCK, config.depth()));
    }
    for (int i = 0; i < names.size(); i++) {
      model.present(names.get(i), state.all().get(i));
    }
  }

  private BlockLoop.State emptyState(Scope scope, Value tokens, BlockLoop blockLoop) {
    var emptyKeysAndValues = blockLoop.emptyKeysAndValues(scope, tokens);
    var emptyState = blockLoop.emptyState(scope, tokens);
    return new BlockLoop.State(
        names(MEMORY, config.depth()).stream().map(name -> emptyKeysAndValues).toList(),
        config.writers().stream().map(writer -> emptyState).toList(),
        List.of());
  }

  private Value loss(Scope scope, Value tokens, BlockLoop blockLoop, BuildContext context) {
    return new NextTokenLoss(config.ignoreIndex())
        .of(
            scope,
            tokens,
            given ->
                logits(scope, given, blockLoop, emptyState(scope, given, blockLoop), context)
                    .out());
  }

  private BlockLoop.Result logits(
      Scope scope, Value tokens, BlockLoop blockLoop, BlockLoop.State past, BuildContext context) {
    int dim = config.dim();
    var x = new Embedding(config.numTokens(), dim).of(scope.child("token_emb"), tokens);
    var states = new ArrayList<Value>();
    for (int i = 0; i < past.states().size(); i++) {
      var container =
          scope.child("layers").child(config.writers().get(i)).child(0).child("state_container");
      states.add(new StateContainer(config).initialize(container, past.states().get(i)));
    }
    var first = new BlockLoop.State(past.memories(), states, past.partial());
    var result = blockLoop.of(scope, x, first);
    var normed =
        new Norm(dim)
            .of(scope.child("to_logits").child(0), context.scoredPositions(scope, result.out()));
    var toLogits = new Projection(dim, config.numTokens());
    return new BlockLoop.Result(
        toLogits.of(scope.child("to_logits").child(1), normed), result.state());
  }
}
