package ai.transonnx.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many threads an operator gets where nobody has said.
 *
 * <p>The runtime takes one for each core of the machine. It does not see how many processors a
 * container, an affinity or an option of the JVM leaves to this process; the JVM does. More threads
 * than these wait for one another.
 */
public final class DefaultThreads {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private DefaultThreads() {}

  /** The number to ask the runtime for; 0 leaves it to the runtime. */
  public static int get() {
    return of(Runtime.getRuntime().availableProcessors(), PROCESSORS);
  }

  /**
   * @param available how many processors this process may use
   * @param processors where Linux lists those of the machine; elsewhere it is missing
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
