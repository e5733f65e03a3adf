package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from the outputs of the heads to the output of attention. Immutable; threads may share
 * it.
 *
 * @param onHeads transforms of each head's output
 * @param onFeatures transforms of the concatenated heads' outputs
 * @param orthogonal removes the projection of the transformed outputs on the values, or null
 * @param projection the projection of the concatenated heads' outputs
 */
public record HeadOutputs(
    List<OutputTransform> onHeads,
    List<OutputTransform> onFeatures,
    @Nullable OrthogonalOutput orthogonal,
    OutputProjection projection) {
  public HeadOutputs {
    onHeads = List.copyOf(onHeads);
    onFeatures = List.copyOf(onFeatures);
  }

  /**
   * The layer's output.
   *
   * @param gathered the heads' outputs: {@code [b, h, i, d]}
   * @param x the attention's input: {@code [b, i, dim]}
   * @param values computes the values of the call before any transform: {@code [b, h, j, d]}
   */
  Value merge(Scope scope, Value gathered, Value x, Supplier<Value> values) {
    var heads = gathered;
    for (var transform : onHeads) {
      heads = transform.of(scope, heads, x);
    }
    var together = features(scope, scope.transpose(heads, 0, 2, 1, 3), x); // [b * i, h * d]
    return projected(
        scope, orthogonal == null ? together : orthogonal.of(scope, together, values.get()), x);
  }

  /**
   * The layer's output from the heads' outputs {@code byPosition}, {@code [b, i, h, d]} or {@code
   * [b, i, h * d]}, without {@link #orthogonal}.
   */
  Value of(Scope scope, Value byPosition, Value x) {
    return projected(scope, features(scope, byPosition, x), x);
  }

  private Value features(Scope scope, Value byPosition, Value x) {
    var given = onFeatures.isEmpty() ? null : Rows.of(scope, x); // [b * i, dim]
    Dim features = Dim.of(projection.features() / (orthogonal == null ? 1 : orthogonal.copies()));
    var sizes = scope.vector(-1, features.size());
    var together =
        scope.reshape(byPosition, sizes, Shape.of(Rows.count(x), features)); // [b * i, h * d]
    if (given != null) {
      for (var transform : onFeatures) {
        together = transform.of(scope, together, given);
      }
    }
    return together;
  }

  private Value projected(Scope scope, Value together, Value x) {
    return Rows.sequences(scope, projection.of(scope, together), x); // [b, i, dim]
  }
}
