package ai.transonnx.verification.internal.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The properties of this machine on which the result of a computation may depend. Threads may use
 * this class at once.
 */
public final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** The features of processors for which runtimes have kernels of their own. */
  private static final Pattern FEATURES =
      Pattern.compile(
          "sse4_[12]|avx|avx2|fma|f16c|avx_vnni|avx512\\w+|amx_\\w+"
              + "|asimd|asimdhp|asimddp|sve|sve2|i8mm|bf16|svei8mm|svebf16|sme|sme2");

  private Machine() {}

  /** Such as {@code {processor=..., features=avx avx2 fma, system=Linux 6.1 amd64}}. */
  public static Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    var lines = lines(PROCESSORS);
    field(lines, "model name").ifPresent(name -> properties.put("processor", name));
    field(lines, "flags")
        .or(() -> field(lines, "Features"))
        .map(Machine::features)
        .ifPresent(features -> properties.put("features", features));
    properties.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    properties.put(
        "system",
        Stream.of("os.name", "os.version", "os.arch")
            .map(System::getProperty)
            .collect(Collectors.joining(" ")));
    return properties;
  }

  static String features(String flags) {
    return Stream.of(flags.split(" ", -1))
        .filter(flag -> FEATURES.matcher(flag).matches())
        .collect(Collectors.joining(" "));
  }

  /** The first value of a field; the processors of a machine are taken as alike. */
  static Optional<String> field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** Linux's list of processors; empty on other systems. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException | SecurityException e) {
      return List.of();
    }
  }
}
