package ai.transonnx.flash;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.History;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.InterleavedRotary;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FLASH-pytorch's {@code FLASH}, one layer.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim]}; on request {@code mask} bool {@code [b, n]}, false
 * where a position is not seen. Output: {@code out} {@code [b, n, dim]}.
 *
 * <p>A causal layer can be incremental. Its state: {@code past_keys_0} {@code [b, 2, p, k]} and
 * {@code past_values_0} {@code [b, p, e]} of the group that is not full, {@code past_sum_0} {@code
 * [b, k, e]} of the groups before, {@code past_shift_0} {@code [b, 1, dim / 2]} if tokens are
 * shifted, and {@code past_position} {@code [b]} if there is a rotation.
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
    request.checkInputs(List.of(X, MASK));
    request.outputsOf(List.of(OUT));
    if (request.incremental() && !isIncremental(request)) {
      throw new InputException("'causal' is false; only a causal FLASH can be incremental");
    }
    var model = request.model(className());
    var sequence = Shape.of(request.batch(), request.length());
    var x =
        model
            .graph()
            .input(
                X,
                new TensorType(
                    ElementType.FLOAT32,
                    Shape.of(request.batch(), request.length(), Dim.of(config.unit().dim()))));
    @Nullable Value mask =
        request.inputs().contains(MASK)
            ? model.graph().input(MASK, new TensorType(ElementType.BOOL, sequence))
            : null;
    var scope = Scope.of(model.graph());
    var history =
        request.incremental()
            ? new History.Carried(model, request.batch())
            : new History.None(scope, x);
    var layer = new FlashLayer(config);
    var offsets = layer.bias().offsets(scope, Positions.first(scope, config.groups().groupSize()));
    var shared = new FlashLayer.Shared(mask, rotation(scope, x, history), offsets);
    model.output(OUT, layer.of(scope, x, shared, 0, history));
    return model.build();
  }

  private @Nullable InterleavedRotary rotation(Scope scope, Value x, History history) {
    if (config.rotaryPosEmb().isEmpty()) {
      return null;
    }
    var rotary = config.rotaryPosEmb().get();
    var positions = Positions.of(scope, x, history);
    if (rotary.interpolateFactor() != 1) {
      positions = scope.div(positions, scope.scalar((float) rotary.interpolateFactor()));
    }
    return InterleavedRotary.of(scope.child("rotary_pos_emb"), positions, rotary.pairs());
  }
}
