package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.SquaredError;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * x-transformers' {@code ContinuousTransformerWrapper}: vectors to vectors.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim_in]}; {@code mask}, {@code prepend_embeds} and the others
 * of the layers; {@code pos} as indices. Outputs: {@code out} {@code [b, n, dim_out]}, {@code
 * embeddings} {@code [b, n, dim]}; {@code loss} alone, the autoregressive wrapper's mean squared
 * error of each next vector.
 */
public record ContinuousTransformerWrapper(ContinuousTransformerWrapperConfig config)
    implements Architecture {
  private static final String X = "x";
  private static final String POS = "pos";
  private static final String PREPEND = "prepend_embeds";
  private static final String OUT = "out";
  private static final String EMBEDDINGS = "embeddings";
  private static final String LOSS = "loss";

  @Override
  public String className() {
    return "ContinuousTransformerWrapper";
  }

  @Override
  public Library library() {
    return Library.X_TRANSFORMERS;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return false;
  }

  @Override
  public Set<String> unneeded(GraphRequest request) {
    var names = new HashSet<>(Unneeded.of(config.attnLayers(), "attn_layers."));
    if (request.outputs().equals(List.of(EMBEDDINGS))) {
      names.add("project_out.*");
    }
    return names;
  }

  @Override
  public Model build(GraphRequest asked) {
    var layers = config.attnLayers();
    var request = asked.spelledOut("mem", layers.memories());
    var names = new ArrayList<>(List.of(X));
    names.addAll(WrappedInputs.names(layers));
    names.add(POS);
    names.add(PREPEND);
    request.checkInputs(names);
    var outputs = request.outputsOf(List.of(OUT, EMBEDDINGS, LOSS));
    Unsupported.incremental(request);
    boolean isLoss = outputs.contains(LOSS);
    if (isLoss) {
      checkLoss(request, outputs);
    }
    var model = new ModelBuilder(className(), request.opset());
    model.property("max_length", Integer.toString(config.maxSeqLen() + (isLoss ? 1 : 0)));
    var inputs = new GraphInputs(model, request);
    var scope = Scope.of(model.graph());
    Dim n = request.length();
    var x = inputs.required(X, ElementType.FLOAT32, request.batch(), n, Dim.of(inputFeatures()));
    var prepended = inputs.vectors(PREPEND, Dim.of("prepended"), layers.dim());
    var length = prepended == null ? n : prepended.dim(1).plus(n);
    var layerInputs = WrappedInputs.declare(inputs, layers, request.batch(), length, 0);
    var positions = inputs.positions(POS, n, layers.dim());
    if (isLoss) {
      model.output(LOSS, loss(scope, x, layerInputs));
      return model.build();
    }
    var embeddings = embeddings(scope, x, positions, prepended, layerInputs);
    for (var name : outputs) {
      model.output(name, name.equals(OUT) ? out(scope, embeddings) : embeddings);
    }
    return model.build();
  }

  private int inputFeatures() {
    return config.dimIn() == null ? config.attnLayers().dim() : config.dimIn();
  }

  private static void checkLoss(GraphRequest request, List<String> outputs) {
    if (outputs.size() > 1) {
      throw new InputException(
          "output 'loss' is of one position less than the others; ask for it alone");
    }
    var allowed = List.of(X, "mask", "context", "context_mask");
    for (var name : request.inputs()) {
      if (!allowed.contains(name)) {
        throw new InputException("output 'loss' does not go with input '%s'".formatted(name));
      }
    }
  }

  private Value loss(Scope scope, Value x, LayerInputs inputs) {
    var given = scope.slice(x, 1, 0, -1); // [b, n - 1, d]
    var followed = scope.slice(x, 1, 1, Scope.END); // [b, n - 1, d]
    var mask = inputs.mask() == null ? null : scope.slice(inputs.mask(), 1, 0, -1);
    var predicted = out(scope, embeddings(scope, given, null, null, inputs.withMask(mask)));
    if (!predicted.shape().equals(followed.shape())) {
      throw new InputException(
          "output 'loss' compares outputs with inputs, but 'dim_in' and 'dim_out' differ");
    }
    return SquaredError.of(scope.child("loss"), predicted, followed, mask);
  }

  private Value embeddings(
      Scope scope,
      Value x,
      @Nullable Value positions,
      @Nullable Value prepended,
      LayerInputs inputs) {
    int dim = config.attnLayers().dim();
    var projected =
        config.dimIn() == null
            ? x
            : new Linear(config.dimIn(), dim).of(scope.child("project_in"), x);
    var placed = withPositions(scope, projected, positions); // [b, n, d]
    if (config.postEmbNorm()) {
      placed = new LayerNorm(dim).of(scope.child("post_emb_norm"), placed);
    }
    var all = prepended == null ? placed : scope.concat(1, prepended, placed);
    var result = LayerStack.of(config.attnLayers(), scope.child("attn_layers"), all, inputs);
    return new LayerNorm(dim).of(scope.child("norm"), result.out());
  }

  private Value withPositions(Scope scope, Value x, @Nullable Value positions) {
    var embedding = PositionEmbedding.of(config);
    if (embedding == null) {
      if (positions != null) {
        throw new InputException(
            "input 'pos' is asked for, but the class has no embeddings of positions");
      }
      return x;
    }
    var module = scope.child("pos_emb");
    return scope.add(
        x,
        positions == null
            ? embedding.first(module, module.size(x, 1), x.dim(1))
            : embedding.at(module, positions));
  }

  private Value out(Scope scope, Value embeddings) {
    return config.dimOut() == null
        ? embeddings
        : new Linear(config.attnLayers().dim(), config.dimOut())
            .of(scope.child("project_out"), embeddings);
  }
}
