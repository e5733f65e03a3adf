package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graphs of a {@code ContinuousTransformerWrapper}, which maps vectors to vectors.
 * Immutable.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim_in]}; {@code mask}, {@code prepend_embeds} and the other
 * inputs of the layers; the indices {@code pos}, or {@code pos:n} if all sequences share them.
 * Outputs: {@code out} {@code [b, n, dim_out]}, {@code embeddings} {@code [b, n, dim]}, {@code
 * attn_i}; or {@code loss} alone, the mean squared error of the next vectors, that of {@code
 * ContinuousAutoregressiveWrapper}.
 *
 * @param order the storage order of the linear layers' weights
 */
public record VectorModel(String className, MatrixOrder order, VectorPlan plan)
    implements GraphFactory {
  private static final String X = "x";
  private static final String SUM = "sum_embeds";
  private static final String PREPEND = "prepend_embeds";
  private static final String OUT = "out";
  private static final String EMBEDDINGS = "embeddings";
  private static final String ATTENTION = "attn_";
  private static final String LOSS = "loss";

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    var names = new HashSet<>(UnusedWeights.of(plan.stack(), "attn_layers."));
    var outputs = context.outputs();
    if (!outputs.isEmpty() && !outputs.contains(OUT) && !outputs.contains(LOSS)) {
      names.add("project_out.*");
    }
    return names;
  }

  @Override
  public boolean isIncremental(BuildContext context) {
    return IncrementalSupport.isPossible(plan.stack(), WrapperPlan.of(plan), context);
  }

  @Override
  public Model build(BuildContext request) {
    var layers = plan.stack();
    var context =
        request.expanded("mem", layers.selfAttentions()).expanded("attn", layers.attentions());
    var names = new ArrayList<>(List.of(X));
    names.addAll(StackInputs.names(layers));
    if (!plan.inputs().has(WrapperInputs.Name.SEQ_START_POS)) {
      names.remove(SequenceBounds.START);
    }
    if (plan.inputs().has(WrapperInputs.Name.POS)) {
      names.addAll(GraphInputs.forms(GraphInputs.POS, GraphInputs.INDEX_FORMS));
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
    context.checkInputs(names);
    var outputs = context.checkedOutputs(outputNames());
    IncrementalSupport.check(plan.stack(), WrapperPlan.of(plan), context);
    boolean isLoss = outputs.contains(LOSS);
    if (isLoss) {
      checkLoss(context, outputs);
    }
    var model = context.model(className);
    WrapperPlan.of(plan).limit(model, context, isLoss);
    var inputs = new GraphInputs(model, context);
    var scope = Scope.of(model.graph(), order);
    Dim n = context.length();
    var x = inputs.required(X, context.wideType(), context.batch(), n, Dim.of(plan.features()));
    if (isLoss) {
      model.output(LOSS, loss(scope, inputs, x));
      return model.build();
    }
    if (plan.memory().tokens() > 0 && inputs.isRequested(PREPEND)) {
      throw new InputException(
          "input 'prepend_embeds' cannot be combined with 'num_memory_tokens', as in the library");
    }
    var prepended = inputs.vectors(PREPEND, Dim.of("prepended"), layers.dim());
    var length = prepended == null ? n : prepended.dim(1).plus(n);
    var mask = PrependedMask.declare(inputs, plan.inputs(), scope, x, prepended);
    var layerInputs =
        StackInputs.declare(inputs, layers, context.batch(), length, plan.memory().tokens(), mask);
    layerInputs =
        IncrementalSupport.withState(
            layerInputs, layers, WrapperPlan.of(plan), context, model, scope);
    var transformer = new VectorTransformer(plan);
    var result = transformer.of(scope, call(inputs, x, prepended, layerInputs));
    for (var name : outputs) {
      switch (name) {
        case OUT -> model.output(name, transformer.out(scope, result.embeddings()));
        case EMBEDDINGS -> model.output(name, result.embeddings());
        default -> outputIndexed(model, inputs, name, result);
      }
    }
    return model.build();
  }

  private static void outputIndexed(
      ModelBuilder model, GraphInputs inputs, String name, VectorTransformer.Result result) {
    int index = Integer.parseInt(name.substring(name.indexOf('_') + 1));
    if (name.startsWith(ATTENTION)) {
      model.output(name, result.attention().get(index).get());
    } else if (inputs.isRequested(name)) {
      model.present(name, result.memories().get().get(index));
    } else {
      model.output("present_" + name, result.memories().get().get(index));
    }
  }

  private List<String> outputNames() {
    var names = new ArrayList<>(List.of(OUT, EMBEDDINGS));
    if (plan.output().hasLoss() && plan.output().pooling().keepsPositions()) {
      names.add(LOSS);
    }
    IntStream.range(0, plan.stack().attentions()).forEach(i -> names.add(ATTENTION + i));
    if (plan.memory().length() > 0) {
      IntStream.range(0, plan.stack().selfAttentions()).forEach(i -> names.add("mem_" + i));
    }
    return names;
  }

  private static void checkLoss(BuildContext context, List<String> outputs) {
    if (outputs.size() > 1) {
      throw new InputException(
          "output 'loss' has one position fewer than the others; request it alone");
    }
    if (context.form(PREPEND).isPresent()) {
      throw new InputException(
          "output 'loss' cannot be combined with input '%s', which has no targets"
              .formatted(PREPEND));
    }
  }

  private Value loss(Scope scope, GraphInputs inputs, Value x) {
    var given = scope.slice(x, 1, 0, -1); // [b, n - 1, d]
    var targets = scope.slice(x, 1, 1, Scope.END); // [b, n - 1, d]
    var layers =
        StackInputs.declareForLoss(inputs, scope, plan.stack(), given, plan.memory().tokens());
    var transformer = new VectorTransformer(plan);
    var embeddings = transformer.of(scope, call(inputs, given, null, layers)).embeddings();
    return transformer.loss(scope, embeddings, targets, layers.mask());
  }

  private VectorTransformer.Call call(
      GraphInputs inputs, Value x, @Nullable Value prepended, LayerInputs layers) {
    long dim = plan.stack().dim();
    var n = x.dim(1);
    return new VectorTransformer.Call(
        x, inputs.positions(n, dim), inputs.vectors(SUM, n, dim), prepended, layers);
  }
}
