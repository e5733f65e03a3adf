package ai.transonnx.export.internal.pickle;

import java.util.ArrayList;
import java.util.List;

/** The stack of a pickle reader, with its marks. */
final class PickleStack {
  private static final int MAX_DEPTH = 500_000;

  private final List<PickleValue> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  int depth() {
    return values.size();
  }

  void push(PickleValue value) {
    if (values.size() >= MAX_DEPTH) {
      throw new PickleException("its stack is deeper than " + MAX_DEPTH);
    }
    values.add(value);
  }

  void mark() {
    if (marks.size() >= MAX_DEPTH) {
      throw new PickleException("it sets more than %s marks".formatted(MAX_DEPTH));
    }
    marks.add(values.size());
  }

  PickleValue peek() {
    requireAboveMark(1);
    return values.get(values.size() - 1);
  }

  PickleValue pop() {
    requireAboveMark(1);
    return values.remove(values.size() - 1);
  }

  /** Removes the topmost values; the deepest of them comes first. */
  List<PickleValue> pop(int count) {
    requireAboveMark(count);
    return popFrom(values.size() - count);
  }

  /** Removes the last mark and all values above it. */
  List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw new PickleException("it removes values up to a mark, but has set no mark");
    }
    return popFrom(marks.remove(marks.size() - 1));
  }

  private List<PickleValue> popFrom(int index) {
    var above = values.subList(index, values.size());
    var popped = List.copyOf(above);
    above.clear();
    return popped;
  }

  private void requireAboveMark(int count) {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (values.size() - floor < count) {
      throw new PickleException("it removes more values from its stack than the stack has");
    }
  }
}
