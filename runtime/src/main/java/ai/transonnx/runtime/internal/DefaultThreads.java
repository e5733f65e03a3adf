package ai.transonnx.runtime.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The default number of threads of an operator.
 *
 * <p>ONNX Runtime uses one for each core of the machine. It does not see that a container, an
 * affinity or an option of the JVM limits the processors of this process, as the JVM does. Threads
 * beyond that limit wait for each other.
 */
public final class DefaultThreads {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private DefaultThreads() {}

  /** The number of threads; 0 for ONNX Runtime's own default. */
  public static int get() {
    return of(Runtime.getRuntime().availableProcessors(), PROCESSORS);
  }

  /**
   * @param available the processors that this process may use
   * @param processors Linux's list of the machine's processors, which other systems lack
   */
  static int of(int available, Path processors) {
    try {
      long installed =
          Files.readAllLines(processors).stream()
              .filter(line -> line.startsWith("processor"))
              .count();
      return available < installed ? available : 0;
    } catch (IOException | SecurityException e) {
      return 0;
    }
  }
}
