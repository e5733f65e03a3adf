package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds parameters whose bytes can be copied from the file unchanged. */
final class CopyRanges {
  /** The first bytes of a content. */
  record Span(Content content, long bytes) {}

  private CopyRanges() {}

  /**
   * The ranges of the file that form the value of an expression, in order.
   *
   * @return empty if elements must be computed or reordered
   */
  static Optional<List<Span>> of(
      WeightExpression expression, ElementType elements, Binding binding) {
    if (expression instanceof WeightExpression.Stored stored) {
      return binding
          .tensor(stored)
          .filter(tensor -> tensor.elements() == elements)
          .map(tensor -> List.of(new Span(tensor.content(), tensor.byteCount())));
    }
    if (expression instanceof WeightExpression.Rows rows) {
      long rowBytes = Math.multiplyExact(Elements.rowLength(rows), (long) elements.bytes());
      long bytes = Math.multiplyExact(rows.to() - rows.from(), rowBytes);
      return of(rows.of(), elements, binding)
          .filter(spans -> spans.size() == 1)
          .map(spans -> spans.get(0).content().part(rows.from() * rowBytes, bytes))
          .map(content -> List.of(new Span(content, bytes)));
    }
    if (expression instanceof WeightExpression.Stacked stacked) {
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
