package ai.transonnx.verification.internal.compare;

import ai.transonnx.verification.report.TensorReport.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Collects the elements with the largest differences. For one thread. */
final class WorstElements {
  private static final int MOST = 10;

  /** An element by its index in the data. */
  private record Difference(int index, double size, double expected, double actual) {}

  private final PriorityQueue<Difference> worst =
      new PriorityQueue<>(Comparator.comparingDouble(Difference::size));

  void add(int index, double size, double expected, double actual) {
    if (size > 0 && (worst.size() < MOST || size > worst.element().size())) {
      worst.add(new Difference(index, size, expected, actual));
      if (worst.size() > MOST) {
        worst.remove();
      }
    }
  }

  /** The largest first. */
  List<Element> elements(long... shape) {
    var sorted = new ArrayList<>(worst);
    sorted.sort(
        Comparator.comparingDouble(Difference::size)
            .reversed()
            .thenComparingInt(Difference::index));
    return sorted.stream()
        .map(d -> new Element(index(d.index(), shape), d.expected(), d.actual()))
        .toList();
  }

  private static List<Long> index(int element, long... shape) {
    var indices = new Long[shape.length];
    long rest = element;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return List.of(indices);
  }
}
