package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * The way from the outputs of the heads to the output of attention. Immutable; threads may share
 * it.
 *
 * @param onHeads transforms of each head's output
 * @param onFeatures transforms of the concatenated heads' outputs
 * @param projection the projection of the concatenated heads' outputs
 */
public record HeadOutputs(
    List<OutputTransform> onHeads, List<OutputTransform> onFeatures, OutputProjection projection) {
  public HeadOutputs {
    onHeads = List.copyOf(onHeads);
    onFeatures = List.copyOf(onFeatures);
  }

  /** The layer's output from the heads' outputs {@code gathered}, {@code [b, h, i, d]}. */
  Value merge(Scope scope, Value gathered, Value x) {
    var heads = gathered;
    for (var transform : onHeads) {
      heads = transform.of(scope, heads, x);
    }
    return of(scope, scope.transpose(heads, 0, 2, 1, 3), x);
  }

  /**
   * The layer's output from the heads' outputs {@code byPosition}, {@code [b, i, h, d]} or {@code
   * [b, i, h * d]}.
   */
  Value of(Scope scope, Value byPosition, Value x) {
    var given = onFeatures.isEmpty() ? null : Rows.of(scope, x); // [b * i, dim]
    Dim features = Dim.of(projection.features());
    var sizes = scope.vector(-1, features.size());
    var together =
        scope.reshape(byPosition, sizes, Shape.of(Rows.count(x), features)); // [b * i, h * d]
    if (given != null) {
      for (var transform : onFeatures) {
        together = transform.of(scope, together, given);
      }
    }
    return Rows.sequences(scope, projection.of(scope, together), x); // [b, i, dim]
  }
}
