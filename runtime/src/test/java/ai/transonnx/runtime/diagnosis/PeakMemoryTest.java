package ai.transonnx.runtime.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
  private static PeakMemory measured(long length, long bytes) {
    return new PeakMemory(length, bytes, true);
  }

  private static long square(long n) {
    return 5000 + 70 * n + 3 * n * n;
  }

  @Test
  void aParabolaIsExtrapolated() {
    var peaks =
        List.of(
            measured(16, 12345),
            measured(64, square(64)),
            measured(128, square(128)),
            measured(256, square(256)));
    assertEquals(new PeakMemory(4096, square(4096), false), PeakMemory.estimate(peaks, 4096));
  }

  @Test
  void aLineIsExtrapolated() {
    var peaks = List.of(measured(10, 1000), measured(20, 2000), measured(30, 3000));
    assertEquals(8000, PeakMemory.estimate(peaks, 80).bytes());
  }

  @Test
  void noiseNeverBendsTheCurveDown() {
    var peaks = List.of(measured(10, 1000), measured(20, 3000), measured(30, 3100));
    assertEquals(3200, PeakMemory.estimate(peaks, 40).bytes());
    assertEquals(3000, PeakMemory.estimate(peaks.subList(1, 2), 40).bytes());
  }
}
