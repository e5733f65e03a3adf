package ai.transonnx.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * The figures of clients that generate at once, times in milliseconds.
 *
 * @param tokensPerSecond of all clients together
 * @param first the time from a request to its first token
 * @param between the time between two tokens of a request
 */
record ServedTimes(double tokensPerSecond, Quantiles first, Quantiles between) {
  /** The median and the 95th percentile. */
  record Quantiles(double median, double high) {
    static Quantiles of(List<Double> values) {
      var sorted = values.stream().sorted().toList();
      return sorted.isEmpty()
          ? new Quantiles(0, 0)
          : new Quantiles(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 95 / 100));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f (%.1f)", median, high);
    }
  }

  /** A row of a table. */
  String row(int clients, String name) {
    return String.format(
        Locale.ROOT,
        "| %d | %s | %.1f | %s | %s |",
        clients,
        name,
        tokensPerSecond,
        first,
        between);
  }
}
