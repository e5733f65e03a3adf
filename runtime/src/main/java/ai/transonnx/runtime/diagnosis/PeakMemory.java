package ai.transonnx.runtime.diagnosis;

import java.util.List;

/**
 * The peak memory of the process with a model (weights, buffers and everything else), less its
 * memory before.
 *
 * @param length the number of positions of a call with one sequence
 * @param bytes the peak in bytes
 * @param measured whether it was measured; otherwise it is extrapolated
 */
public record PeakMemory(long length, long bytes, boolean measured) {
  /**
   * Extrapolates the peak to another length, by the parabola through the last three measurements:
   * memory is a constant, plus a part for each position and for each pair of positions. With two
   * measurements, or if the parabola bends down, by the line through the last two.
   *
   * @param measured the measurements, in order of length
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
