package ai.transonnx.runtime.diagnosis;

import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether a model runs on this machine, and how much memory it needs.
 *
 * @param device the device that computes; empty if the model did not load
 * @param problem the reason why it does not run; empty if it does
 * @param peaks the peak memory for each length, if the system reports it; one of length 0 if the
 *     model's inputs have fixed lengths
 */
public record ModelDiagnosis(Path file, String device, String problem, List<PeakMemory> peaks) {
  private static final List<Long> LENGTHS = List.of(16L, 64L, 128L, 256L, 512L, 1024L);
  private static final List<Long> LONGER = List.of(2048L, 4096L, 16_384L, 65_536L);
  private static final long MAX_TIME = TimeUnit.SECONDS.toNanos(4);

  public ModelDiagnosis {
    peaks = List.copyOf(peaks);
  }

  /** Whether it loaded and every call succeeded. */
  public boolean runs() {
    return problem.isEmpty();
  }

  /**
   * Loads a model and calls it with inputs of zeros, of increasing length, for some seconds;
   * estimates the memory for longer ones.
   */
  public static ModelDiagnosis of(Path file, ModelOptions options) {
    ProcessMemory.resetPeak();
    long before = ProcessMemory.resident().orElse(0);
    var peaks = new ArrayList<PeakMemory>();
    String device = "";
    try (var model = OnnxModel.load(file, options)) {
      device = model.device().toString();
      var probe = new ProbeCall(model);
      measure(probe, before, peaks);
      if (ProcessMemory.peak().isEmpty()) {
        peaks.clear(); // it ran, but the system does not report the peak
      } else if (!peaks.isEmpty() && probe.hasLength()) {
        extend(peaks, probe.longest());
      }
      return new ModelDiagnosis(file, device, "", peaks);
    } catch (InferenceException e) {
      return new ModelDiagnosis(file, device, e.getMessage(), peaks);
    }
  }

  private static void measure(ProbeCall probe, long before, List<PeakMemory> peaks) {
    if (!probe.hasLength()) {
      peaks.add(measure(probe, before, 0));
      return;
    }
    long start = System.nanoTime();
    for (long length : LENGTHS) {
      // A call takes up to 16 times as long as one of a quarter of its length.
      if (length > probe.longest() || (System.nanoTime() - start) * 4 > MAX_TIME) {
        break;
      }
      peaks.add(measure(probe, before, length));
    }
    if (peaks.isEmpty()) {
      peaks.add(measure(probe, before, probe.longest()));
    }
  }

  private static PeakMemory measure(ProbeCall probe, long before, long length) {
    probe.run(length);
    return new PeakMemory(length, ProcessMemory.peak().orElse(before) - before, true);
  }

  private static void extend(List<PeakMemory> peaks, long longest) {
    var measured = List.copyOf(peaks);
    long last = measured.get(measured.size() - 1).length();
    var lengths = new java.util.TreeSet<>(LENGTHS);
    lengths.addAll(LONGER);
    if (longest != Long.MAX_VALUE) {
      lengths.add(longest);
    }
    for (long length : lengths) {
      if (length > last && length <= longest) {
        peaks.add(PeakMemory.estimate(measured, length));
      }
    }
  }
}
