package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.attention.KeptPositions;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * x-transformers' {@code XTransformer}: an encoder, and a decoder that attends to its output.
 *
 * <p>Inputs: {@code src} int64 {@code [b, m]}, {@code tgt} int64 {@code [b, n]}, {@code src_mask},
 * {@code src_attn_mask} (of 2 dimensions, or {@code :3d}, {@code :4d}), {@code src_prepend_embeds}.
 * Outputs: {@code logits} of the target {@code [b, n, v]}, {@code encodings} {@code [b, m, dim]};
 * {@code loss} alone, the library's own output. The encodings alone need no target.
 */
public record XTransformer(XTransformerConfig config) implements Architecture {
  private static final String SRC = "src";
  private static final String TGT = "tgt";
  private static final String SRC_MASK = "src_mask";
  private static final String SRC_ATTN_MASK = "src_attn_mask";
  private static final String SRC_PREPEND = "src_prepend_embeds";
  private static final String LOGITS = "logits";
  private static final String ENCODINGS = "encodings";
  private static final String LOSS = "loss";

  private record Encoded(Value encodings, @Nullable Value mask) {}

  @Override
  public String className() {
    return "XTransformer";
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
    var names = new HashSet<>(Set.of("encoder.to_logits.*"));
    names.addAll(Unneeded.of(config.encoder().attnLayers(), "encoder.attn_layers."));
    names.addAll(Unneeded.of(config.decoder().attnLayers(), "decoder.net.attn_layers."));
    if (request.outputs().equals(List.of(ENCODINGS))) {
      names.add("decoder.net.*");
    }
    if (config.tieTokenEmb()) {
      names.add("decoder.net.token_emb.emb.weight");
    }
    return names;
  }

  @Override
  public Model build(GraphRequest request) {
    var names = new ArrayList<>(List.of(SRC, TGT, SRC_MASK, SRC_PREPEND));
    names.addAll(GraphInputs.forms(SRC_ATTN_MASK, GraphInputs.MASK_FORMS));
    request.checkInputs(names);
    var outputs = request.outputsOf(List.of(LOGITS, ENCODINGS, LOSS));
    Unsupported.incremental(request);
    boolean isLoss = outputs.contains(LOSS);
    if (isLoss && outputs.size() > 1) {
      throw new InputException(
          "output 'loss' is of one position less than the others; ask for it alone");
    }
    var model = new ModelBuilder(className(), request.opset());
    int length = config.decoder().maxSeqLen();
    model.property("max_length", Integer.toString(length + (isLoss ? 1 : 0)));
    model.property("top_k", "ceil");
    var inputs = new GraphInputs(model, request);
    var scope = Scope.of(model.graph());
    var encoded = encode(scope.child("encoder"), inputs, request.batch());
    if (outputs.equals(List.of(ENCODINGS))) {
      if (inputs.wants(TGT)) {
        throw new InputException("output 'encodings' does not depend on input 'tgt'");
      }
      model.output(ENCODINGS, encoded.encodings);
      return model.build();
    }
    var target = inputs.required(TGT, ElementType.INT64, request.batch(), request.length());
    if (isLoss) {
      model.output(LOSS, loss(scope, target, encoded));
      return model.build();
    }
    for (var name : outputs) {
      model.output(name, name.equals(LOGITS) ? logits(scope, target, encoded) : encoded.encodings);
    }
    return model.build();
  }

  private Encoded encode(Scope scope, GraphInputs inputs, Dim batch) {
    var wrapper = config.encoder();
    var layers = wrapper.attnLayers();
    var sourceLength = Dim.of("source_length");
    var source = inputs.required(SRC, ElementType.INT64, batch, sourceLength); // [b, m]
    var prepended = inputs.vectors(SRC_PREPEND, Dim.of("prepended"), wrapper.embeddingFeatures());
    var mask = inputs.mask(SRC_MASK, sourceLength);
    var length = sourceLength;
    if (prepended != null) {
      length = prepended.dim(1).plus(sourceLength);
      if (mask != null) {
        mask = KeptPositions.before(scope, mask, scope.size(prepended, 1), prepended.dim(1));
      }
    }
    var positions = length.plus(wrapper.memoryTokens());
    var keys = positions.plus(layers.options().attention().numMemKv());
    var attentionMask =
        inputs.attentionMask(SRC_ATTN_MASK, layers.options().heads(), positions, keys);
    var layerInputs = LayerInputs.none().withMask(mask).withAttnMask(attentionMask);
    var call = new TokenTransformer.Call(source, null, null, prepended, layerInputs);
    return new Encoded(new TokenTransformer(wrapper, null).of(scope, call).embeddings(), mask);
  }

  private Value logits(Scope scope, Value target, Encoded encoded) {
    var net = scope.child("decoder").child("net");
    var tied =
        config.tieTokenEmb()
            ? new TokenTransformer.Tied(scope.child("encoder"), config.encoder().numTokens())
            : null;
    var decoder = new TokenTransformer(config.decoder(), tied);
    var inputs = LayerInputs.none().withContext(encoded.encodings, encoded.mask);
    var call = new TokenTransformer.Call(target, null, null, null, inputs);
    return decoder.logits(net, decoder.of(net, call).embeddings());
  }

  private Value loss(Scope scope, Value target, Encoded encoded) {
    var given = scope.slice(target, 1, 0, -1); // [b, n - 1]
    var followed = scope.slice(target, 1, 1, Scope.END); // [b, n - 1]
    var logits = logits(scope, given, encoded);
    return new NextTokenLoss(config.ignoreIndex()).of(scope.child("loss"), logits, followed);
  }
}
