package ai.transonnx.runtime.diagnosis;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory of this process and its machine in bytes; empty where the system is not Linux. In a
 * container, the container's limit counts as the machine's memory.
 */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final Path MACHINE = Path.of("/proc/meminfo");
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessMemory() {}

  /** The resident memory of the process. */
  static OptionalLong resident() {
    return field(STATUS, "VmRSS:");
  }

  /** The peak of the resident memory since {@link #resetPeak}. */
  static OptionalLong peak() {
    return field(STATUS, "VmHWM:");
  }

  /** Resets the peak; returns whether the system supports it. */
  static boolean resetPeak() {
    try {
      Files.writeString(CLEAR, "5");
      return true;
    } catch (IOException | SecurityException e) {
      return false;
    }
  }

  /** The memory that is available without swapping. */
  static OptionalLong available() {
    var available = field(MACHINE, "MemAvailable:");
    return isLimited() ? least(available, SYSTEM.getFreeMemorySize()) : available;
  }

  static OptionalLong installed() {
    return least(field(MACHINE, "MemTotal:"), SYSTEM.getTotalMemorySize());
  }

  private static boolean isLimited() {
    return SYSTEM.getTotalMemorySize() < field(MACHINE, "MemTotal:").orElse(0);
  }

  private static OptionalLong least(OptionalLong machine, long container) {
    return machine.stream().map(bytes -> Math.min(bytes, container)).findFirst();
  }

  private static OptionalLong field(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException | SecurityException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
