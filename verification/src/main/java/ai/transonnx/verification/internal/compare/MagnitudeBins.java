package ai.transonnx.verification.internal.compare;

import ai.transonnx.verification.report.TensorReport.MagnitudeBin;
import java.util.List;
import java.util.TreeMap;

/** Collects differences by the magnitude of the expected element. For one thread. */
final class MagnitudeBins {
  /** The differences in one bin. */
  private static final class Bin {
    private long count;
    private double max;
    private double sum;
  }

  private final TreeMap<Integer, Bin> bins = new TreeMap<>();

  /** Adds a finite element; one that is zero has no magnitude and is left out. */
  void add(double expected, double difference) {
    if (expected == 0) {
      return;
    }
    var bin = bins.computeIfAbsent(Math.getExponent(expected), exponent -> new Bin());
    bin.count++;
    bin.max = Math.max(bin.max, difference);
    bin.sum += difference;
  }

  /** The bins, the smallest magnitude first. */
  List<MagnitudeBin> bins() {
    return bins.entrySet().stream()
        .map(
            entry -> {
              var bin = entry.getValue();
              return new MagnitudeBin(entry.getKey(), bin.count, bin.max, bin.sum / bin.count);
            })
        .toList();
  }
}
