package ai.transonnx.benchmarks;

import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures the memory of generation: {@code GenerationMemory MODEL.onnx [TOKENS [GENERATORS]]}, on
 * Linux.
 *
 * <p>Reports the resident memory of the process outside the Java heap while one loop is fed TOKENS
 * (10,000 by default), and while GENERATORS models (100 by default) are loaded, fed and closed one
 * after the other. A model with relative positions uses a sliding window; others recompute their
 * context window.
 */
public final class GenerationMemory {
  private static final int REPORTS = 10;
  private static final int TOKENS_EACH = 50;

  private GenerationMemory() {}

  /** Measures a model. */
  public static void main(String[] args) throws IOException {
    var file = Path.of(args[0]);
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    int generators = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    try (var model = OnnxModel.load(file);
        var loop = TokenLoop.builder(model).contextOverflow(fullWindow(model)).build()) {
      feed(model, loop, 1);
      report("1 token", loop.state().bytes());
      for (int i = 1; i <= REPORTS; i++) {
        feed(model, loop, tokens / REPORTS);
        report(loop.position() + " tokens", loop.state().bytes());
      }
    }
    for (int i = 1; i <= generators; i++) {
      try (var model = OnnxModel.load(file);
          var loop = TokenLoop.builder(model).contextOverflow(fullWindow(model)).build()) {
        feed(model, loop, TOKENS_EACH);
      }
      if (i == 1 || i % Math.max(1, generators / REPORTS) == 0) {
        report(i + " generators closed", 0);
      }
    }
  }

  private static ContextOverflow fullWindow(OnnxModel model) {
    return model.metadata().state().isEmpty() || model.metadata().fixedWindow().isPresent()
        ? ContextOverflow.RECOMPUTE
        : ContextOverflow.SLIDE;
  }

  private static void feed(OnnxModel model, TokenLoop loop, int tokens) {
    int vocabulary = model.vocabulary().orElseThrow();
    for (int i = 0; i < tokens; i++) {
      loop.feed(loop.position() % vocabulary);
    }
  }

  private static void report(String when, long state) throws IOException {
    System.gc();
    long heap = Runtime.getRuntime().totalMemory();
    System.out.printf(
        "%-22s resident %6.1f MB beside a Java heap of %.1f MB; state %.2f MB%n",
        when, (resident() - heap) / 1e6, heap / 1e6, state / 1e6);
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("the system does not report the resident memory"));
  }
}
