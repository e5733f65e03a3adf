package ai.transonnx.verification.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A logarithmic axis over whole powers of ten. Numbers below it, such as 0, are at its start, and
 * numbers above it, infinity and NaN are at its end.
 *
 * @param low the exponent of its start
 * @param high the exponent of its end, larger than {@code low}
 */
record LogScale(int low, int high) {
  private static final int MOST_DECADES = 24;
  private static final int MOST_LABELS = 6;

  /** An axis over the positive and finite numbers. */
  static LogScale of(DoubleStream values) {
    var sizes =
        values
            .filter(value -> value > 0 && Double.isFinite(value))
            .map(Math::log10)
            .summaryStatistics();
    if (sizes.getCount() == 0) {
      return new LogScale(-1, 1);
    }
    int high = (int) Math.ceil(sizes.getMax() + 0.05);
    int low = (int) Math.floor(sizes.getMin());
    return new LogScale(Math.max(Math.min(low, high - 1), high - MOST_DECADES), high);
  }

  /** The position from 0 to 1. */
  double position(double value) {
    if (Double.isNaN(value)) {
      return 1;
    }
    double position = (Math.log10(value) - low) / (high - low);
    return Double.isNaN(position) ? 0 : Math.max(0, Math.min(1, position));
  }

  /** The powers of ten to label, not too many. */
  List<Integer> labels() {
    int step = Math.max(1, (high - low + MOST_LABELS - 1) / MOST_LABELS);
    var labels = new ArrayList<Integer>();
    for (int exponent = low; exponent <= high; exponent++) {
      if (Math.floorMod(exponent, step) == 0) {
        labels.add(exponent);
      }
    }
    return labels;
  }
}
