package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graphs of a {@code TransformerWrapper}, which maps tokens to logits. Immutable.
 *
 * <p>Inputs: {@code tokens} int64 {@code [b, n]}; {@code mask} and the others of the library's
 * {@code forward} method. {@code attn_mask} has axes (query, key), {@code attn_mask:3d} adds heads,
 * {@code attn_mask:4d} adds batch and heads, and {@code attn_mask:b1ij} adds the batch. {@code pos}
 * contains indices and {@code pos:float32} embeddings; {@code pos:n} and {@code pos:nd} are shared
 * by all sequences.
 *
 * <p>Outputs: {@code logits} {@code [b, n, v]}, {@code embeddings}, {@code attn_i}, {@code mem_i};
 * or {@code loss} alone, that of {@code AutoregressiveWrapper}, whose other inputs cover all tokens
 * except the last. With {@code prepend_embeds}, outputs and {@code mask} also cover the prepended
 * positions. Memories are the state {@code past_mem_i} and {@code present_mem_i}.
 *
 * @param order the storage order of the linear layers' weights
 */
public record TokenModel(String className, MatrixOrder order, TokenPlan plan)
    implements GraphFactory {
  private static final String TOKENS = "tokens";
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";
  private static final String EMBEDDINGS = "embeddings";
  private static final String PREPEND = "prepend_embeds";
  private static final String SUM = "sum_embeds";

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    var names = new HashSet<>(UnusedWeights.of(plan.stack(), "attn_layers."));
    var outputs = context.outputs();
    boolean needsLogits = outputs.isEmpty() || outputs.contains(LOGITS) || outputs.contains(LOSS);
    if (!needsLogits || plan.output().logits() == null) {
      names.add("to_logits.*");
    }
    if (GraphInputs.givesEmbeddings(context)) {
      names.add("pos_emb.*");
    }
    return names;
  }

  @Override
  public boolean isIncremental(BuildContext context) {
    return IncrementalSupport.isPossible(plan.stack(), context);
  }

  @Override
  public Model build(BuildContext request) {
    var context = expanded(request);
    context.checkInputs(inputNames());
    var outputs = context.checkedOutputs(outputNames());
    IncrementalSupport.check(plan.stack(), context);
    boolean isLoss = outputs.contains(LOSS);
    if (isLoss) {
      checkLoss(context, outputs);
    }
    var model = context.model(className);
    WrapperPlan.of(plan).limit(model, context, isLoss);
    model.property(MetadataKey.TOP_K, "ceil");
    var inputs = new GraphInputs(model, context);
    var scope = Scope.of(model.graph(), order);
    var tokens = inputs.tokens(TOKENS, plan.tokens(), context.length()); // [b, n]
    var transformer = new TokenTransformer(plan, null);
    if (isLoss) {
      model.output(LOSS, loss(transformer, scope, inputs, tokens));
      return model.build();
    }
    var result = transformer.of(scope, call(model, inputs, context, scope, tokens));
    var memories =
        outputs.stream().anyMatch(name -> name.startsWith("mem_"))
            ? transformer.memories(scope, result)
            : List.<Value>of();
    for (var name : outputs) {
      switch (name) {
        case LOGITS ->
            model.output(
                name,
                transformer.logits(scope, context.scoredPositions(scope, result.embeddings())));
        case EMBEDDINGS -> model.output(name, result.embeddings());
        default -> outputIndexed(model, inputs, name, result, memories);
      }
    }
    return model.build();
  }

  private static void outputIndexed(
      ModelBuilder model,
      GraphInputs inputs,
      String name,
      TokenTransformer.Result result,
      List<Value> memories) {
    int index = Integer.parseInt(name.substring(name.indexOf('_') + 1));
    if (name.startsWith("attn_")) {
      model.output(name, result.attention().get(index).get());
    } else if (inputs.isRequested(name)) {
      model.present(name, memories.get(index));
    } else {
      model.output("present_" + name, memories.get(index));
    }
  }

  private BuildContext expanded(BuildContext context) {
    var stack = plan.stack();
    return context.expanded("mem", stack.selfAttentions()).expanded("attn", stack.attentions());
  }

  private List<String> inputNames() {
    var names = new ArrayList<>(List.of(TOKENS));
    names.addAll(StackInputs.names(plan.stack()));
    if (plan.inputs().has(WrapperInputs.Name.POS)) {
      names.addAll(GraphInputs.forms(GraphInputs.POS, GraphInputs.POSITION_FORMS));
    }
    if (plan.inputs().has(WrapperInputs.Name.PREPEND_EMBEDS)) {
      names.add(PREPEND);
    }
    if (plan.inputs().has(WrapperInputs.Name.PREPEND_MASK)) {
      names.add(PrependedMask.NAME);
    }
    if (plan.inputs().has(WrapperInputs.Name.SUM_EMBEDS)) {
      names.add(SUM);
    }
    return names;
  }

  private List<String> outputNames() {
    var names = new ArrayList<>(List.of(LOGITS, EMBEDDINGS, LOSS));
    IntStream.range(0, plan.stack().attentions()).forEach(i -> names.add("attn_" + i));
    if (plan.memory().length() > 0 && plan.stack().hasMemories()) {
      IntStream.range(0, plan.stack().selfAttentions()).forEach(i -> names.add("mem_" + i));
    }
    return names;
  }

  private TokenTransformer.Call call(
      ModelBuilder model, GraphInputs inputs, BuildContext context, Scope scope, Value tokens) {
    var n = tokens.dim(1);
    var prepended = inputs.vectors(PREPEND, Dim.of("prepended"), plan.features());
    var length = prepended == null ? n : prepended.dim(1).plus(n);
    var mask = PrependedMask.declare(inputs, plan.inputs(), scope, tokens, prepended);
    var layers =
        StackInputs.declare(
            inputs, plan.stack(), tokens.dim(0), length, plan.memory().tokens(), mask);
    var continued =
        IncrementalSupport.withState(
            layers, plan.stack(), WrapperPlan.of(plan), context, model, scope);
    return call(inputs, tokens, prepended, continued);
  }

  private TokenTransformer.Call call(
      GraphInputs inputs, Value tokens, @Nullable Value prepended, LayerInputs layers) {
    var n = tokens.dim(1);
    var positions = inputs.positions(n, plan.features());
    if (positions != null
        && !positions.elements().isFloatingPoint()
        && plan.embedding().positions() == null) {
      throw new InputException(
          "input 'pos' is requested, but the class has no position embeddings; pass embeddings as"
              + " 'pos:float32'");
    }
    return new TokenTransformer.Call(
        tokens, positions, inputs.vectors(SUM, n, plan.features()), prepended, layers);
  }

  private static void checkLoss(BuildContext context, List<String> outputs) {
    if (outputs.size() > 1) {
      throw new InputException(
          "output 'loss' has one position fewer than the others; request it alone");
    }
    if (context.form(PREPEND).isPresent()) {
      throw new InputException(
          "output 'loss' cannot be combined with input '%s', which has no target tokens"
              .formatted(PREPEND));
    }
  }

  /** The last token is only a target, so a call accepts one token more than max_seq_len. */
  private Value loss(TokenTransformer transformer, Scope scope, GraphInputs inputs, Value tokens) {
    var given = scope.slice(tokens, 1, 0, -1); // [b, n - 1]
    var layers =
        StackInputs.declareForLoss(inputs, scope, plan.stack(), given, plan.memory().tokens());
    var call = call(inputs, given, null, layers);
    var logits = transformer.logits(scope, transformer.of(scope, call).embeddings());
    var targets = scope.slice(tokens, 1, 1, Scope.END); // [b, n - 1]
    return NextTokenLoss.DEFAULT.of(scope.child("loss"), logits, targets);
  }
}
