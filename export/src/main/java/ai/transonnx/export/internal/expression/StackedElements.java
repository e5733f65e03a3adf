package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.List;

/** Tensors one after the other. */
record StackedElements(List<Part> parts) implements Elements {
  /** A tensor whose first element is element {@code start} of the stack. */
  record Part(Elements elements, long start, long end) {}

  static StackedElements of(WeightExpression.Stacked stacked, Binding binding) {
    var parts = new ArrayList<Part>();
    long start = 0;
    for (var derivation : stacked.parts()) {
      long end = start + derivation.shape().elements();
      parts.add(new Part(Elements.of(derivation, binding), start, end));
      start = end;
    }
    return new StackedElements(List.copyOf(parts));
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
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
