package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.attention.PaddingMask;
import ai.transonnx.format.Dim;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.NextTokenLoss;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graphs of an {@code XTransformer}: an encoder, and a decoder that attends to its
 * output. Immutable.
 *
 * <p>Inputs: {@code src} int64 {@code [b, m]}; {@code tgt} int64 {@code [b, n]}; {@code src_mask};
 * {@code src_attn_mask} with 2 dimensions, or with 3 or 4 as {@code :3d} and {@code :4d}; {@code
 * tgt_mask} or {@code src_prepend_embeds}. Outputs: {@code logits} of the target {@code [b, n, v]};
 * {@code encodings} {@code [b, m, dim]}, which need no target; {@code loss}, the library's output,
 * which cannot be combined with others.
 *
 * @param order the storage order of the linear layers' weights
 * @param tied whether encoder and decoder share token embeddings
 * @param takesTargetMask whether calls accept {@code tgt_mask}; otherwise, they accept {@code
 *     src_prepend_embeds}
 * @param ignoreIndex the target value that the loss ignores
 */
public record EncoderDecoderModel(
    String className,
    MatrixOrder order,
    TokenPlan encoder,
    TokenPlan decoder,
    boolean tied,
    boolean takesTargetMask,
    int ignoreIndex)
    implements GraphFactory {
  private static final String SRC = "src";
  private static final String TGT = "tgt";
  private static final String SRC_MASK = "src_mask";
  private static final String TGT_MASK = "tgt_mask";
  private static final String SRC_ATTN_MASK = "src_attn_mask";
  private static final String SRC_PREPEND = "src_prepend_embeds";
  private static final String LOGITS = "logits";
  private static final String ENCODINGS = "encodings";
  private static final String LOSS = "loss";

  /** The inputs of the encoder. The mask covers the prepended embeddings as well as the tokens. */
  private record Source(
      Value tokens, @Nullable Value prepended, @Nullable Value mask, @Nullable Value attnMask) {}

  private record Encoded(Value encodings, @Nullable Value mask) {}

  /**
   * Whether the graph can be exported with state. The first call passes the source; later calls
   * pass a source of length 0.
   */
  @Override
  public boolean isIncremental(BuildContext context) {
    return !isEncoderOnly(context)
        && IncrementalSupport.isPossible(decoder.stack(), WrapperPlan.of(decoder), context);
  }

  private static boolean isEncoderOnly(BuildContext context) {
    return context.outputs().equals(List.of(ENCODINGS));
  }

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    var names = new HashSet<>(Set.of("encoder.to_logits.*"));
    names.addAll(UnusedWeights.of(encoder.stack(), "encoder.attn_layers."));
    names.addAll(UnusedWeights.of(decoder.stack(), "decoder.net.attn_layers."));
    if (isEncoderOnly(context)) {
      names.add("decoder.net.*");
    }
    if (tied) {
      names.add("decoder.net.token_emb.*");
    }
    return names;
  }

  @Override
  public Map<String, List<String>> sharedWeights() {
    if (!tied) {
      return Map.of();
    }
    String table = String.join(".", encoder.embedding().vocabulary().path()) + ".weight";
    return Map.of("encoder." + table, List.of("decoder.net." + table));
  }

  @Override
  public Model build(BuildContext context) {
    var names = new ArrayList<>(List.of(SRC, TGT, SRC_MASK));
    names.add(takesTargetMask ? TGT_MASK : SRC_PREPEND);
    names.addAll(GraphInputs.forms(SRC_ATTN_MASK, GraphInputs.MASK_FORMS));
    context.checkInputs(names);
    var outputs = context.checkedOutputs(List.of(LOGITS, ENCODINGS, LOSS));
    boolean isLoss = outputs.contains(LOSS);
    if (context.incremental() && isEncoderOnly(context)) {
      throw new InputException(
          "this graph cannot be incremental: output 'encodings' alone encodes the whole source");
    }
    if (isLoss && outputs.size() > 1) {
      throw new InputException(
          "output 'loss' has one position fewer than the others; request it alone");
    }
    var model = context.model(className);
    WrapperPlan.of(decoder).limit(model, context, isLoss);
    if (encoder.positions() instanceof PositionEmbedding.Learned) {
      model.property(MetadataKey.MAX_SOURCE_LENGTH, encoder.maxLength());
    }
    model.property(MetadataKey.TOP_K, "ceil");
    var inputs = new GraphInputs(model, context);
    var scope = Scope.of(model.graph(), order);
    var source = source(scope, inputs);
    var continued =
        IncrementalSupport.withState(
            LayerInputs.none(), decoder.stack(), WrapperPlan.of(decoder), context, model, scope);
    var encoded =
        context.incremental()
            ? encodeIfPresent(scope, source)
            : new Encoded(encode(scope, source), source.mask);
    if (isEncoderOnly(context)) {
      if (inputs.isRequested(TGT)) {
        throw new InputException(
            "output 'encodings' does not depend on input 'tgt'; omit the input");
      }
      model.output(ENCODINGS, encoded.encodings);
      return model.build();
    }
    int vocabulary = tied ? encoder.tokens() : decoder.tokens();
    var target = inputs.tokens(TGT, vocabulary, context.length()); // [b, n]
    var mask = inputs.mask(TGT_MASK, context.length());
    if (isLoss) {
      model.output(LOSS, loss(scope, target, mask, encoded, context));
      return model.build();
    }
    for (var name : outputs) {
      model.output(
          name,
          name.equals(ENCODINGS)
              ? encoded.encodings
              : logits(scope, target, continued.withMask(mask), encoded, context));
    }
    return model.build();
  }

  private Source source(Scope scope, GraphInputs inputs) {
    var length = Dim.of("source_length");
    var tokens = inputs.tokens(SRC, encoder.tokens(), length); // [b, m]
    var prepended = inputs.vectors(SRC_PREPEND, Dim.of("prepended"), encoder.features());
    var mask = inputs.mask(SRC_MASK, length);
    if (prepended != null) {
      var before = prepended.dim(1);
      length = before.plus(length);
      if (mask != null) {
        var module = scope.child("encoder");
        mask = PaddingMask.before(module, mask, module.size(prepended, 1), before);
      }
    }
    var positions = length.plus(encoder.addedPositions());
    var attention = encoder.stack().self();
    var keys = positions.plus(attention.learnedKeys());
    var attnMask = inputs.attentionMask(SRC_ATTN_MASK, attention.heads(), positions, keys);
    return new Source(tokens, prepended, mask, attnMask);
  }

  private Value encode(Scope scope, Source source) {
    var inputs = LayerInputs.none().withMask(source.mask).withAttnMask(source.attnMask);
    var call = TokenTransformer.Call.of(source.tokens, source.prepended, inputs);
    return new TokenTransformer(encoder, embeddings(scope))
        .of(scope.child("encoder"), call)
        .embeddings();
  }

  /** The token embeddings that encoder and decoder share; null if each has its own. */
  private TokenTransformer.@Nullable TiedEmbeddings embeddings(Scope scope) {
    return tied
        ? new TokenTransformer.TiedEmbeddings(scope.child("encoder"), encoder.tokens())
        : null;
  }

  /**
   * Encodes the source unless it is empty; the encodings of an empty source are empty. In calls
   * after the first, this skips the encoder.
   */
  private Encoded encodeIfPresent(Scope scope, Source source) {
    var batch = source.tokens.dim(0);
    var dim = Dim.of(encoder.stack().dim());
    var length = source.prepended == null ? source.tokens.dim(1) : scope.unknownDim();
    var type = new TensorType(scope.wideType(), Shape.of(batch, length, dim));
    var isPresent = scope.greaterOrEqual(sourceLength(scope, source), scope.vector(1));
    var encodings =
        scope.ifElse(
            isPresent,
            List.of(type),
            inner -> List.of(encode(inner, source)),
            inner -> {
              var sizes =
                  inner.concat(0, inner.size(source.tokens, 0), inner.vector(0, dim.size()));
              var none = Shape.of(batch, Dim.of(0), dim);
              return List.of(inner.expand(inner.scalar(0f), sizes, none));
            });
    return new Encoded(encodings.get(0), source.mask);
  }

  private static Value sourceLength(Scope scope, Source source) {
    var tokens = scope.size(source.tokens, 1);
    return source.prepended == null ? tokens : scope.add(scope.size(source.prepended, 1), tokens);
  }

  private Value logits(
      Scope scope, Value target, LayerInputs inputs, Encoded encoded, BuildContext context) {
    var net = scope.child("decoder").child("net");
    var transformer = new TokenTransformer(decoder, embeddings(scope));
    var layers = inputs.withContext(encoded.encodings, encoded.mask);
    var call = TokenTransformer.Call.of(target, null, layers);
    var x = context.scoredPositions(net, transformer.of(net, call).embeddings());
    return transformer.outputs(net).logits(decoder.output().heads().get(0), x);
  }

  private Value loss(
      Scope scope, Value target, @Nullable Value mask, Encoded encoded, BuildContext context) {
    var seen = mask == null ? null : scope.slice(mask, 1, 0, -1); // [b, n - 1]
    var inputs = LayerInputs.none().withMask(seen);
    return new NextTokenLoss(ignoreIndex)
        .of(scope, target, given -> logits(scope, given, inputs, encoded, context));
  }
}
