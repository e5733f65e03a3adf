package ai.transonnx.runtime.internal.scan;

import java.io.IOException;

/** The dimensions of a stored tensor. */
final class Shape {
  /** More elements than a file can have, even with two bits each. */
  private static final long MOST = 1L << 48;

  private final Source source;
  private final Count rank;
  private long elements = 1;
  private boolean isNegative;

  Shape(Source source) {
    this.source = source;
    this.rank = new Count(source, Limits.RANK, "dimensions in one tensor");
  }

  /** Reads a field that is one or several dimensions. */
  void read() throws IOException {
    source.in().passingNumbers(this::add);
  }

  private void add(long size) {
    rank.add();
    isNegative |= size < 0;
    elements = elements == 0 || size == 0 ? 0 : size > MOST / elements ? MOST : elements * size;
  }

  /** The number of elements. */
  long elements(String tensor) {
    if (isNegative) {
      throw source.error(tensor + " has a negative dimension");
    }
    if (elements == MOST) {
      throw source.error(tensor + " has more elements than a file can hold");
    }
    return elements;
  }
}
