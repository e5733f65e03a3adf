package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.transonnx.runtime.device.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Explains why a provider cannot be used on this machine, and how to solve it. */
final class MissingProvider {
  private static final Pattern LIBRARY = Pattern.compile("error: (\\S+?\\.so[.\\d]*): cannot open");
  private static final Pattern LIBRARY_OF_WINDOWS =
      Pattern.compile("error code (126|127) .*?(\\w+\\.dll)");
  private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

  static {
    PACKAGES.put("libcudnn", "cuDNN");
    PACKAGES.put("libcu", "the CUDA toolkit");
    PACKAGES.put("libnv", "TensorRT");
  }

  private MissingProvider() {}

  static DeviceException exception(Device device, OrtException e) {
    return new DeviceException("device '%s' is not available: %s".formatted(device, reason(e)), e);
  }

  private static String reason(OrtException e) {
    String line = NativeErrors.line(e);
    if (line.startsWith("Failed to find") || line.contains("not supported in this build")) {
      return withoutProvider(line);
    }
    if (line.contains("not compiled with")) {
      return withoutProvider(line);
    }
    return library(line)
        .map(library -> "the library %s is missing%s".formatted(library, advice(library)))
        .orElse(line);
  }

  private static String withoutProvider(String line) {
    String reason =
        "this build of ONNX Runtime (%s) has no such provider"
            .formatted(NativeEnvironment.get().getVersion());
    return line.contains("CUDA") || line.contains("TensorRT")
        ? reason + "; replace onnxruntime with onnxruntime_gpu (Maven profile 'cuda')"
        : reason;
  }

  /** The library that the system could not find or load. */
  static Optional<String> library(String line) {
    var matcher = LIBRARY.matcher(line);
    if (matcher.find()) {
      return Optional.of(matcher.group(1));
    }
    var windows = LIBRARY_OF_WINDOWS.matcher(line);
    return windows.find()
        ? Optional.of("that %s needs".formatted(windows.group(2)))
        : Optional.empty();
  }

  /** Such as {@code : install the CUDA toolkit 12} for {@code libcublasLt.so.12}. */
  private static String advice(String library) {
    String version = library.replaceFirst(".*\\.so\\.?", "").replaceFirst("\\..*", "");
    for (var each : PACKAGES.entrySet()) {
      if (library.startsWith(each.getKey())) {
        return ": install " + each.getValue() + (version.isEmpty() ? "" : " " + version);
      }
    }
    return "";
  }
}
