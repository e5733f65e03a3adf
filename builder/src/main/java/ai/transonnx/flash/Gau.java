package ai.transonnx.flash;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FLASH-pytorch's {@code GAU}, a single gated attention unit.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim]}; optionally {@code mask} bool {@code [b, n]}, which is
 * false for padding, and {@code rel_pos_bias} {@code [n, n]}, which is added to the unit's own
 * bias; {@code rel_pos_bias:bij} has a bias per sequence. Output: {@code out} {@code [b, n, dim]}.
 *
 * <p>The unit cannot be incremental: it divides by the sequence length, so later positions change
 * earlier outputs.
 *
 * <p>Immutable; threads may share it.
 */
public record Gau(GauConfig config) implements Architecture {
  private static final String X = "x";
  private static final String MASK = "mask";
  private static final String BIAS = "rel_pos_bias";
  private static final String OUT = "out";
  private static final List<String> INPUTS =
      List.of(X, MASK, BIAS, BIAS + ":ij", BIAS + ":bij", BIAS + ":1ij");

  @Override
  public String className() {
    return "GAU";
  }

  @Override
  public Library library() {
    return Library.FLASH;
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return false;
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    context.checkInputs(INPUTS);
    context.checkedOutputs(List.of(OUT));
    if (context.incremental()) {
      throw new InputException(
          "this graph cannot be incremental: GAU divides by the length of the whole sequence");
    }
    var model = context.model(className());
    Dim b = context.batch();
    Dim n = context.length();
    var x = model.graph().input(X, floats(context, b, n, Dim.of(config.unit().dim())));
    var mask = optional(model, context, MASK, new TensorType(ElementType.BOOL, Shape.of(b, n)));
    var bias =
        context
            .form(BIAS)
            .map(form -> model.graph().input(BIAS, bias(context, form, b, n)))
            .orElse(null);
    var scope = Scope.of(model.graph());
    model.output(OUT, new GatedAttentionUnit(config).of(scope, x, mask, bias));
    return model.build();
  }

  private static TensorType bias(BuildContext context, String form, Dim b, Dim n) {
    return switch (form) {
      case "bij" -> floats(context, b, n, n);
      case "1ij" -> floats(context, Dim.of(1), n, n);
      default -> floats(context, n, n);
    };
  }

  private static TensorType floats(BuildContext context, Dim... dims) {
    return new TensorType(context.wideType(), Shape.of(dims));
  }

  private static @Nullable Value optional(
      ModelBuilder model, BuildContext context, String name, TensorType type) {
    return context.inputs().contains(name) ? model.graph().input(name, type) : null;
  }
}
