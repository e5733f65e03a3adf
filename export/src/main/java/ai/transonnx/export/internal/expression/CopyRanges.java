package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the parameters whose bytes are in the file as they are to be written. */
final class CopyRanges {
  /** Bytes of the file, from the first on. */
  record Span(Content content, long bytes) {}

  private CopyRanges() {}

  /**
   * The bytes of the file that make up the outcome, one after the other.
   *
   * @return nothing if elements have to be computed, or moved one by one
   */
  static Optional<List<Span>> of(
      WeightExpression derivation, ElementType elements, Binding binding) {
    if (derivation instanceof WeightExpression.Stored stored) {
      return binding
          .tensor(stored)
          .filter(tensor -> tensor.elements() == elements)
          .map(tensor -> List.of(new Span(tensor.content(), tensor.byteCount())));
    }
    if (derivation instanceof WeightExpression.Rows rows) {
      long rowBytes = Math.multiplyExact(Elements.rowLength(rows), (long) elements.bytes());
      long bytes = Math.multiplyExact(rows.to() - rows.from(), rowBytes);
      return of(rows.of(), elements, binding)
          .filter(spans -> spans.size() == 1)
          .map(spans -> spans.get(0).content().part(rows.from() * rowBytes, bytes))
          .map(content -> List.of(new Span(content, bytes)));
    }
    if (derivation instanceof WeightExpression.Stacked stacked) {
      var all = new ArrayList<Span>();
      for (var part : stacked.parts()) {
        var spans = of(part, elements, binding);
        if (spans.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(spans.get());
      }
      return Optional.of(all);
    }
    return Optional.empty();
  }
}
