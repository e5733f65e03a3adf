package ai.transonnx.flash;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.InterleavedRotary;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FLASH-pytorch's {@code FLASH}, a single layer. Immutable.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim]}; optionally {@code mask} bool {@code [b, n]}, which is
 * false for padding. Output: {@code out} {@code [b, n, dim]}.
 *
 * <p>A causal layer can be exported with state: {@code past_position} {@code [b]}; {@code
 * past_keys_0} and {@code past_linear_keys_0} {@code [b, g, k]}, the keys of the partial group;
 * {@code past_memory_0} {@code [b, k + g, e]}, the sum of all complete groups and the values of the
 * partial group; with {@code shift_tokens}, {@code past_shift_0} {@code [b, 1, dim / 2]}.
 */
public record Flash(FlashConfig config) implements Architecture {
  private static final String X = "x";
  private static final String MASK = "mask";
  private static final String OUT = "out";

  @Override
  public String className() {
    return "FLASH";
  }

  @Override
  public Library library() {
    return Library.FLASH;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return config.unit().causal();
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    context.checkInputs(List.of(X, MASK));
    context.checkedOutputs(List.of(OUT));
    if (context.incremental() && !isIncremental(request)) {
      throw new InputException("'causal' is false; only a causal FLASH can be incremental");
    }
    var model = context.model(className());
    var sequence = Shape.of(context.batch(), context.length());
    var x =
        model
            .graph()
            .input(
                X,
                new TensorType(
                    context.wideType(),
                    Shape.of(context.batch(), context.length(), Dim.of(config.unit().dim()))));
    @Nullable Value mask =
        context.inputs().contains(MASK)
            ? model.graph().input(MASK, new TensorType(ElementType.BOOL, sequence))
            : null;
    var scope = Scope.of(model.graph());
    var pastState = context.pastState(model, scope, x);
    var layer = new FlashLayer(config);
    int groupSize = config.groups().groupSize();
    if (context.incremental()) {
      model.property(MetadataKey.GROUP_SIZE, groupSize);
    }
    var offsets = layer.bias().offsets(scope, Positions.range(scope, groupSize));
    var pastLength = Positions.pastLength(scope, x, pastState);
    var partialGroup = pastLength == null ? null : PartialGroup.of(scope, pastLength, x, config);
    var shared =
        new FlashLayer.LayerContext(mask, rotation(scope, x, pastLength), offsets, partialGroup);
    model.output(OUT, layer.of(scope, x, shared, 0, pastState));
    return model.build();
  }

  private @Nullable InterleavedRotary rotation(Scope scope, Value x, @Nullable Value pastLength) {
    if (config.rotaryPosEmb().isEmpty()) {
      return null;
    }
    var rotary = config.rotaryPosEmb().get();
    var positions = Positions.of(scope, x, pastLength);
    if (rotary.interpolateFactor() != 1) {
      positions = scope.div(positions, scope.scalar(rotary.interpolateFactor()));
    }
    return InterleavedRotary.of(scope.child("rotary_pos_emb"), positions, rotary.pairs());
  }
}
