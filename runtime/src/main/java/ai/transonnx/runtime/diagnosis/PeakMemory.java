package ai.transonnx.runtime.diagnosis;

import java.util.List;

/**
 * The most memory that the process takes for a model, beyond what it took before: weights, buffers
 * and all.
 *
 * @param length the number of positions of a call with one sequence
 * @param bytes the peak
 * @param measured whether it was measured; else it continues the measured ones
 */
public record PeakMemory(long length, long bytes, boolean measured) {
  /**
   * The peak at another length, by the curve through the last three that were measured: memory is a
   * constant, and what each position and each pair of positions needs. With fewer, or where the
   * curve would bend down, the line through the last two.
   *
   * @param measured in order of their lengths
   */
  static PeakMemory estimate(List<PeakMemory> measured, long length) {
    int n = measured.size();
    var c = measured.get(n - 1);
    if (n == 1) {
      return new PeakMemory(length, c.bytes, false);
    }
    var b = measured.get(n - 2);
    double slope = Math.max(0, slope(b, c));
    double curvature =
        n == 2
            ? 0
            : Math.max(0, (slope - slope(measured.get(n - 3), b)) / span(measured.get(n - 3), c));
    double distance = (double) length - c.length;
    double bytes = c.bytes + slope * distance + curvature * distance * (length - b.length);
    return new PeakMemory(length, (long) Math.min(bytes, Long.MAX_VALUE), false);
  }

  private static double slope(PeakMemory from, PeakMemory to) {
    return (to.bytes - from.bytes) / span(from, to);
  }

  private static double span(PeakMemory from, PeakMemory to) {
    return (double) to.length - from.length;
  }
}
