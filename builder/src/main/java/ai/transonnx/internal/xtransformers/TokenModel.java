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
  private static final String LOSS = "loss";
  private static final String PREPEND = "prepend_embeds";
  private static final String SUM = "sum_embeds";

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    var names = new HashSet<>(UnusedWeights.of(plan.stack(), "attn_layers."));
    names.addAll(UnusedWeights.of(plan.output(), outputs(context)));
    names.addAll(plan.passes().unusedWeights());
    if (GraphInputs.givesEmbeddings(context)) {
      names.add("pos_emb.*");
    }
    return names;
  }

  @Override
  public boolean isIncremental(BuildContext context) {
    return IncrementalSupport.isPossible(plan.stack(), WrapperPlan.of(plan), context);
  }

  @Override
  public Model build(BuildContext request) {
    var context = expanded(request);
    context.checkInputs(inputNames());
    context.checkedOutputs(outputNames());
    var outputs = outputs(context);
    IncrementalSupport.check(plan.stack(), WrapperPlan.of(plan), context);
    boolean isLoss = outputs.contains(LOSS);
    if (isLoss) {
      checkLoss(context, outputs);
    }
    if (context.scoresLastPosition() && !plan.output().pooling().keepsPositions()) {
      throw new InputException(
          "the class pools all positions, so that there are no logits of the last one; request all"
              + " logits");
    }
    var model = context.model(className);
    WrapperPlan.of(plan).limit(model, context, isLoss);
    model.property(MetadataKey.TOP_K, "ceil");
    var numbers = plan.embedding().numbers();
    if (numbers != null) {
      model.property(MetadataKey.NUMBER_TOKEN, Integer.toString(numbers.token()));
    }
    var inputs = new GraphInputs(model, context);
    var scope = Scope.of(model.graph(), order);
    var tokens =
        plan.embedding().tables().stream()
            .map(table -> inputs.tokens(table.input(), table.count(), context.length()))
            .toList(); // [b, n] each
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
      if (plan.output().names(plan.stack().causal()).contains(name)) {
        model.output(name, output(transformer, scope, context, name, result));
      } else {
        outputIndexed(model, inputs, name, result, memories);
      }
    }
    return model.build();
  }

  /** The requested outputs, or the main ones if none are requested. */
  private List<String> outputs(BuildContext context) {
    return context.outputs().isEmpty()
        ? plan.output().main(plan.stack().causal())
        : context.outputs();
  }

  private Value output(
      TokenTransformer transformer,
      Scope scope,
      BuildContext context,
      String name,
      TokenTransformer.Result result) {
    var computed = transformer.outputs(scope);
    if (name.equals(TokenOutputs.EMBEDDINGS)) {
      return computed.embeddings(result.embeddings());
    }
    if (name.equals(TokenOutputs.POOLED)
        && plan.output().pooling() instanceof Pooling.Attended attended) {
      return attended.pool().of(scope.child("attn_pool"), result.embeddings(), result.mask());
    }
    for (var side : plan.output().others()) {
      if (side.output().equals(name)) {
        return side.of(scope, computed.embeddings(result.embeddings()));
      }
    }
    var x = context.scoredPositions(scope, result.embeddings());
    return computed.logits(plan.output().head(name), x);
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
    return context
        .expanded("mem", stack.selfAttentions())
        .expanded("attn", stack.attentions())
        .expanded(TokenOutputs.LOGITS, plan.output().numberedHeads());
  }

  private List<String> inputNames() {
    var names = new ArrayList<String>();
    plan.embedding().tables().forEach(table -> names.add(table.input()));
    if (plan.embedding().numbers() != null) {
      names.add(plan.embedding().numbers().input());
    }
    names.addAll(StackInputs.names(plan.stack()));
    if (!plan.inputs().has(WrapperInputs.Name.SEQ_START_POS)) {
      names.remove(SequenceBounds.START);
    }
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
    var names = new ArrayList<>(plan.output().names(plan.stack().causal()));
    if (plan.output().predictsTokens() && !plan.passes().isLoop()) {
      names.add(LOSS);
    }
    IntStream.range(0, plan.stack().attentions()).forEach(i -> names.add("attn_" + i));
    if (plan.memory().length() > 0 && plan.stack().hasMemories()) {
      IntStream.range(0, plan.stack().selfAttentions()).forEach(i -> names.add("mem_" + i));
    }
    return names;
  }

  private TokenTransformer.Call call(
      ModelBuilder model,
      GraphInputs inputs,
      BuildContext context,
      Scope scope,
      List<Value> tokens) {
    var first = tokens.get(0);
    var n = first.dim(1);
    checkCombinations(context);
    var prepended = inputs.vectors(PREPEND, Dim.of("prepended"), plan.features());
    var length = prepended == null ? n : prepended.dim(1).plus(n);
    var mask = PrependedMask.declare(inputs, plan.inputs(), scope, first, prepended);
    var layers =
        StackInputs.declare(
            inputs, plan.stack(), first.dim(0), length, plan.addedPositions(), mask);
    var continued =
        IncrementalSupport.withState(
            layers, plan.stack(), WrapperPlan.of(plan), context, model, scope);
    return call(inputs, tokens, numbers(inputs, n), prepended, continued);
  }

  /** The numbers that tokens stand for {@code [b, n]}, or null. */
  private @Nullable Value numbers(GraphInputs inputs, Dim n) {
    var token = plan.embedding().numbers();
    return token == null
        ? null
        : inputs.required(token.input(), inputs.context().wideType(), inputs.batch(), n);
  }

  private TokenTransformer.Call call(
      GraphInputs inputs,
      List<Value> tokens,
      @Nullable Value numbers,
      @Nullable Value prepended,
      LayerInputs layers) {
    var n = tokens.get(0).dim(1);
    var positions = inputs.positions(n, plan.features());
    boolean coversAll = prepended == null && plan.addedPositions() == 0;
    var placed = GivenPositions.passedOn(layers, plan.stack(), positions, coversAll);
    return new TokenTransformer.Call(
        tokens, numbers, positions, inputs.vectors(SUM, n, plan.features()), prepended, placed);
  }

  private void checkCombinations(BuildContext context) {
    for (var name : List.of(PREPEND, "mask", "attn_mask", "self_attn_kv_mask")) {
      if (plan.memory().isInterspersed() && context.form(name).isPresent()) {
        throw new InputException(
            "input '%s' cannot be combined with 'memory_tokens_interspersed_every', whose tokens it does not cover"
                .formatted(name));
      }
    }
    if (plan.embedding().deep() != null && context.form(PREPEND).isPresent()) {
      throw new InputException(
          "input 'prepend_embeds' cannot be combined with 'ff_deep_embed', which has factors of"
              + " tokens alone");
    }
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
  private Value loss(
      TokenTransformer transformer, Scope scope, GraphInputs inputs, List<Value> tokens) {
    checkCombinations(inputs.context());
    var given = tokens.stream().map(all -> scope.slice(all, 1, 0, -1)).toList(); // [b, n - 1] each
    var layers =
        StackInputs.declareForLoss(
            inputs, scope, plan.stack(), given.get(0), plan.addedPositions());
    var numbers = numbers(inputs, tokens.get(0).dim(1));
    var seen = numbers == null ? null : scope.slice(numbers, 1, 0, -1);
    var call = call(inputs, given, seen, null, layers);
    var x = transformer.of(scope, call).embeddings();
    var logits = transformer.outputs(scope).logits(plan.output().heads().get(0), x);
    var targets = scope.slice(tokens.get(0), 1, 1, Scope.END); // [b, n - 1]
    var module = scope.child("loss");
    var token = plan.embedding().numbers();
    return token == null || numbers == null
        ? NextTokenLoss.DEFAULT.of(module, logits, targets)
        : token.loss(
            module,
            logits,
            SideHead.NUMBER.of(scope, x),
            targets,
            scope.slice(numbers, 1, 1, Scope.END),
            layers.mask());
  }
}
