package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.SquaredError;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
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

  /**
   * The inputs.
   *
   * @param x {@code [b, n, dim_in]}
   * @param positions int64 {@code [b, n]}; null for the positions 0 to n - 1
   * @param summed added to the projected inputs {@code [b, n, dim]}, or null
   * @param prepended prepended to them {@code [b, p, dim]}, or null
   * @param layers the inputs of the layers
   */
  private record Call(
      Value x,
      @Nullable Value positions,
      @Nullable Value summed,
      @Nullable Value prepended,
      LayerInputs layers) {}

  private record Result(Value embeddings, List<Supplier<Value>> attention) {}

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
    names.remove(SequenceBounds.START); // masks keys or moves positions, depending on the release
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
    var x =
        inputs.required(
            X,
            ElementType.FLOAT32,
            context.batch(),
            n,
            Dim.of(plan.in() == null ? layers.dim() : plan.in().in()));
    if (isLoss) {
      model.output(LOSS, loss(scope, inputs, x));
      return model.build();
    }
    var prepended = inputs.vectors(PREPEND, Dim.of("prepended"), layers.dim());
    var length = prepended == null ? n : prepended.dim(1).plus(n);
    var mask = PrependedMask.declare(inputs, plan.inputs(), scope, x, prepended);
    var layerInputs = StackInputs.declare(inputs, layers, context.batch(), length, 0, mask);
    layerInputs =
        IncrementalSupport.withState(
            layerInputs, layers, WrapperPlan.of(plan), context, model, scope);
    var result = apply(scope, call(inputs, x, prepended, layerInputs));
    for (var name : outputs) {
      model.output(
          name,
          switch (name) {
            case OUT -> out(scope, result.embeddings);
            case EMBEDDINGS -> result.embeddings;
            default ->
                result.attention.get(Integer.parseInt(name.substring(ATTENTION.length()))).get();
          });
    }
    return model.build();
  }

  private List<String> outputNames() {
    var names = new ArrayList<>(List.of(OUT, EMBEDDINGS));
    if (plan.hasLoss()) {
      names.add(LOSS);
    }
    IntStream.range(0, plan.stack().attentions()).forEach(i -> names.add(ATTENTION + i));
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
    var layers = StackInputs.declareForLoss(inputs, scope, plan.stack(), given, 0);
    var predicted = out(scope, apply(scope, call(inputs, given, null, layers)).embeddings);
    if (!predicted.shape().equals(targets.shape())) {
      throw new InputException(
          "output 'loss' needs equal 'dim_in' and 'dim_out', since it compares outputs with"
              + " inputs");
    }
    return SquaredError.of(scope.child("loss"), predicted, targets, layers.mask());
  }

  private Call call(GraphInputs inputs, Value x, @Nullable Value prepended, LayerInputs layers) {
    long dim = plan.stack().dim();
    var n = x.dim(1);
    return new Call(x, inputs.positions(n, dim), inputs.vectors(SUM, n, dim), prepended, layers);
  }

  private Result apply(Scope scope, Call call) {
    var projected = plan.in() == null ? call.x : plan.in().of(scope.child("project_in"), call.x);
    var placed = withPositions(scope, projected, call); // [b, n, d]
    if (call.summed != null) {
      placed = scope.add(placed, call.summed);
    }
    if (plan.embeddingNorm() != null) {
      placed = plan.embeddingNorm().of(scope.child("post_emb_norm"), placed);
    }
    var inputs = call.layers;
    var all = call.prepended == null ? placed : scope.concat(1, call.prepended, placed);
    var result = LayerStack.of(plan.stack(), scope.child("attn_layers"), all, inputs);
    var norm = plan.norm();
    var normed = norm == null ? result.out() : norm.of(scope, result.out(), inputs);
    return new Result(normed, result.attention());
  }

  private Value withPositions(Scope scope, Value x, Call call) {
    var embedding = plan.positions();
    var given = call.positions;
    if (embedding == null) {
      if (given != null) {
        throw new InputException(
            "input 'pos' is requested, but the class has no position embeddings");
      }
      return x;
    }
    var module = scope.child("pos_emb");
    var step = call.layers.step();
    var positions = given == null && step != null ? step.positions(module, x) : given;
    return scope.add(
        x,
        positions == null
            ? embedding.first(module, module.size(x, 1), x.dim(1))
            : embedding.at(module, positions));
  }

  private Value out(Scope scope, Value embeddings) {
    return plan.out() == null ? embeddings : plan.out().of(scope.child("project_out"), embeddings);
  }
}
