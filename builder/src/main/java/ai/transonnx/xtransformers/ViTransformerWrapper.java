package ai.transonnx.xtransformers;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * x-transformers' {@code ViTransformerWrapper}: images to classes, by way of their patches.
 *
 * <p>Input: {@code image} {@code [b, channels, image_size, image_size]}. Outputs: {@code logits}
 * {@code [b, num_classes]}, {@code embeddings} of each patch {@code [b, n, dim]}.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">An Image is Worth 16x16 Words</a>
 */
public record ViTransformerWrapper(ViTransformerWrapperConfig config) implements Architecture {
  private static final String IMAGE = "image";
  private static final String LOGITS = "logits";
  private static final String EMBEDDINGS = "embeddings";

  @Override
  public String className() {
    return "ViTransformerWrapper";
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
    var names = new HashSet<>(Unneeded.of(config.attnLayers().plan(), "attn_layers."));
    if (request.outputs().equals(List.of(EMBEDDINGS))) {
      names.add("mlp_head.*");
    }
    return names;
  }

  @Override
  public Model build(GraphRequest request) {
    request.checkInputs(List.of(IMAGE));
    var outputs = request.outputsOf(List.of(LOGITS, EMBEDDINGS));
    Unsupported.incremental(request);
    var model = new ModelBuilder(className(), request.opset());
    var inputs = new GraphInputs(model, request);
    var scope = Scope.of(model.graph());
    var side = Dim.of(config.imageSize());
    var image =
        inputs.required(
            IMAGE, ElementType.FLOAT32, request.batch(), Dim.of(config.channels()), side, side);
    var embeddings = embeddings(scope, image); // [b, n, d]
    for (var name : outputs) {
      model.output(name, name.equals(LOGITS) ? logits(scope, embeddings) : embeddings);
    }
    return model.build();
  }

  private Value embeddings(Scope scope, Value image) {
    int dim = config.attnLayers().dim();
    long features = (long) config.channels() * config.patchSize() * config.patchSize();
    var embed = scope.child("patch_to_embedding");
    var patches = patches(embed, image, features); // [b, n, features]
    var normed = new LayerNorm(features).of(embed.child(0), patches);
    var projected = new Linear(features, dim).of(embed.child(1), normed); // [b, n, d]
    var x = new LayerNorm(dim).of(embed.child(2), projected);
    long count = (long) config.side() * config.side();
    var positions = scope.parameter("pos_embedding", 1, count + 1, dim);
    x = scope.add(x, scope.slice(positions, 1, 0, count));
    if (config.postEmbNorm()) {
      x = new LayerNorm(dim).of(scope.child("post_emb_norm"), x);
    }
    var result =
        LayerStack.of(
            config.attnLayers().plan(), scope.child("attn_layers"), x, LayerInputs.none());
    return new LayerNorm(dim).of(scope.child("norm"), result.out());
  }

  /** Patches row by row; in each, pixels row by row, and of a pixel its channels. */
  private Value patches(Scope scope, Value image, long features) {
    long side = config.side();
    long patch = config.patchSize();
    Dim batch = image.dim(0);
    var cut =
        scope.reshape(
            image,
            Shape.of(config.channels(), side, patch, side, patch)
                .before(batch)); // [b, c, h, p, w, p]
    var pixels = scope.transpose(cut, 0, 2, 4, 3, 5, 1); // [b, h, w, p, p, c]
    return scope.reshape(pixels, Shape.of(side * side, features).before(batch));
  }

  private Value logits(Scope scope, Value embeddings) {
    float share = 1f / (config.side() * config.side());
    var mean = scope.mul(scope.sum(embeddings, 1), scope.scalar(share)); // [b, d]
    return config.numClasses() == null
        ? mean
        : new Linear(config.attnLayers().dim(), config.numClasses())
            .of(scope.child("mlp_head"), mean);
  }
}
