package ai.transonnx.benchmarks;

import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.runtime.OnnxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The cost of a model in a process that only loads a file and runs it once.
 *
 * @param loading the time of loading in milliseconds
 * @param peak the peak memory of the process in bytes; 0 if the system does not report it
 */
record FreshProcess(double loading, long peak) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  /** Measures a file in a process of its own. */
  static FreshProcess of(Path file, PeerModel model) {
    try {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  FreshProcess.class.getName(),
                  file.toString(),
                  model.name())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var numbers = answer.strip().split(" ");
      if (numbers.length != 2) {
        throw new IllegalStateException(file + " could not be measured in a process of its own");
      }
      return new FreshProcess(Double.parseDouble(numbers[0]), Long.parseLong(numbers[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs in the measured process. */
  public static void main(String[] args) throws IOException {
    OrtEnvironment.getEnvironment(); // loading the library is not measured
    long start = System.nanoTime();
    try (var model = OnnxModel.load(Path.of(args[0]), Models.options())) {
      double loading = (System.nanoTime() - start) / 1e6;
      model.run(PeerModel.valueOf(args[1]).inputs(model));
      System.out.println(loading + " " + peakOfProcess());
    }
  }

  private static long peakOfProcess() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findAny()
        .orElse(0);
  }
}
