package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.List;

/** The concatenation of tensors along the first axis. */
record StackedElements(List<Part> parts) implements Elements {
  /**
   * A tensor whose elements are elements {@code start} to {@code end}, exclusive, of the result.
   */
  record Part(Elements elements, long start, long end) {}

  static StackedElements of(WeightExpression.Stacked stacked, Binding binding) {
    var parts = new ArrayList<Part>();
    long start = 0;
    for (var expression : stacked.parts()) {
      long end = start + expression.shape().elements();
      parts.add(new Part(Elements.of(expression, binding), start, end));
      start = end;
    }
    return new StackedElements(List.copyOf(parts));
  }

  @Override
  public void read(long from, double[] into, int at, int count) {
    long to = from + count;
    for (var part : parts) {
      long first = Math.max(from, part.start());
      long end = Math.min(to, part.end());
      if (first < end) {
        int position = at + (int) (first - from);
        part.elements().read(first - part.start(), into, position, (int) (end - first));
      }
    }
  }
}
