package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds the graphs of a {@code ViTransformerWrapper}, which classifies images. Immutable.
 *
 * <p>Input: {@code image} {@code [b, channels, image_size, image_size]}. Outputs: {@code logits}
 * {@code [b, num_classes]}; {@code embeddings} of the patches {@code [b, n, dim]}, after that of
 * the class token if there is one.
 *
 * @param order the storage order of the linear layers' weights
 * @see <a href="https://arxiv.org/abs/2010.11929">An Image is Worth 16x16 Words</a>
 */
public record ImageModel(String className, MatrixOrder order, ImagePlan plan)
    implements GraphFactory {
  private static final String IMAGE = "image";
  private static final String LOGITS = "logits";
  private static final String EMBEDDINGS = "embeddings";

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    var names = new HashSet<>(UnusedWeights.of(plan.stack(), "attn_layers."));
    if (context.outputs().equals(List.of(EMBEDDINGS))) {
      names.add("mlp_head.*");
    }
    return names;
  }

  @Override
  public boolean isIncremental(BuildContext context) {
    return false;
  }

  @Override
  public Model build(BuildContext context) {
    context.checkInputs(List.of(IMAGE));
    var outputs = context.checkedOutputs(List.of(LOGITS, EMBEDDINGS));
    if (context.incremental()) {
      throw new InputException("this graph cannot be incremental: it processes whole images");
    }
    var model = context.model(className);
    var inputs = new GraphInputs(model, context);
    var scope = Scope.of(model.graph(), order);
    var side = Dim.of(plan.imageSize());
    var image =
        inputs.required(
            IMAGE, context.wideType(), context.batch(), Dim.of(plan.channels()), side, side);
    var embeddings = embeddings(scope, image); // [b, n, d]
    for (var name : outputs) {
      model.output(name, name.equals(LOGITS) ? logits(scope, embeddings) : embeddings);
    }
    return model.build();
  }

  private Value embeddings(Scope scope, Value image) {
    int dim = plan.stack().dim();
    var patches = patchEmbedding(scope.child("patch_to_embedding"), image); // [b, n, d]
    long count = (long) plan.side() * plan.side();
    int unused = plan.patches().unusedPositions();
    Value x;
    if (plan.head() instanceof ImagePlan.ClassToken) {
      var positions = scope.parameter("pos_embedding", 1, count + 1, dim);
      x = scope.add(withClassToken(scope, patches), positions); // [b, 1 + n, d]
    } else {
      var positions = scope.parameter("pos_embedding", 1, count + unused, dim);
      x = scope.add(patches, unused == 0 ? positions : scope.slice(positions, 1, 0, count));
    }
    if (plan.embeddingNorm() != null) {
      x = plan.embeddingNorm().of(scope.child("post_emb_norm"), x);
    }
    var none = LayerInputs.none();
    int registers = plan.registerTokens();
    var all = registers == 0 ? x : withRegisters(scope, x, registers); // [b, n + r, d]
    var out = LayerStack.of(plan.stack(), scope.child("attn_layers"), all, none).out();
    var normed = plan.norm() == null ? out : plan.norm().of(scope, out, none);
    return registers == 0 ? normed : scope.slice(normed, 1, 0, count);
  }

  private static Value withRegisters(Scope scope, Value x, int count) {
    Dim dim = x.dim(2);
    var tokens = scope.unsqueeze(scope.parameter("register_tokens", count, dim.size()), 0);
    var sizes = scope.concat(0, scope.size(x, 0), scope.vector(count, dim.size()));
    var repeated = scope.expand(tokens, sizes, Shape.of(x.dim(0), Dim.of(count), dim));
    return scope.concat(1, x, repeated);
  }

  private Value patchEmbedding(Scope scope, Value image) {
    int dim = plan.stack().dim();
    long features = plan.patchFeatures();
    var patches = patches(scope, image, features); // [b, n, features]
    var before = plan.patches().before();
    var after = plan.patches().after();
    if (before == null || after == null) {
      return new Linear(features, dim).of(scope, patches);
    }
    var normed = before.of(scope.child(0), patches);
    var projected = new Linear(features, dim).of(scope.child(1), normed); // [b, n, d]
    return after.of(scope.child(2), projected);
  }

  private static Value withClassToken(Scope scope, Value patches) {
    Dim dim = patches.dim(2);
    var token = scope.parameter("cls_token", 1, 1, dim.size());
    var sizes = scope.concat(0, scope.size(patches, 0), scope.vector(1, dim.size()));
    var repeated = scope.expand(token, sizes, Shape.of(patches.dim(0), Dim.of(1), dim));
    return scope.concat(1, repeated, patches); // [b, 1 + n, d]
  }

  /**
   * Cuts an image into patches in row-major order; each patch has the layout (row, column,
   * channel).
   */
  private Value patches(Scope scope, Value image, long features) {
    long side = plan.side();
    long patch = plan.patches().size();
    Dim batch = image.dim(0);
    var cut =
        scope.reshape(
            image,
            Shape.of(plan.channels(), side, patch, side, patch)
                .before(batch)); // [b, c, h, p, w, p]
    var pixels = scope.transpose(cut, 0, 2, 4, 3, 5, 1); // [b, h, w, p, p, c]
    return scope.reshape(pixels, Shape.of(side * side, features).before(batch));
  }

  private Value logits(Scope scope, Value embeddings) {
    var module = scope.child("mlp_head");
    if (plan.head() instanceof ImagePlan.ClassToken token) {
      return token.layer() == null
          ? embeddings
          : scope.squeeze(token.layer().of(module, scope.slice(embeddings, 1, 0, 1)), 1);
    }
    double share = 1.0 / (plan.side() * plan.side());
    var mean = scope.mul(scope.sum(embeddings, 1), scope.scalar(share)); // [b, d]
    return plan.head() instanceof ImagePlan.Mean head && head.classes() != null
        ? new Linear(plan.stack().dim(), head.classes()).of(module, mean)
        : mean;
  }
}
