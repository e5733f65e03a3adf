package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.transonnx.runtime.device.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a provider cannot be used here, in words that say what to do. */
final class MissingProvider {
  private static final Pattern LIBRARY = Pattern.compile("error: (\\S+?\\.so[.\\d]*): cannot open");
  private static final Pattern LIBRARY_OF_WINDOWS =
      Pattern.compile("error code (126|127) .*?(\\w+\\.dll)");
  private static final Map<String, String> BRINGERS = new LinkedHashMap<>();

  static {
    BRINGERS.put("libcudnn", "cuDNN");
    BRINGERS.put("libcu", "the CUDA toolkit");
    BRINGERS.put("libnv", "TensorRT");
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
        ? reason + "; put onnxruntime_gpu in the place of onnxruntime (Maven profile 'cuda')"
        : reason;
  }

  /** The library that the system's loader did not find, or could not load. */
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

  /** Such as {@code : install the CUDA toolkit 12}, of {@code libcublasLt.so.12}. */
  private static String advice(String library) {
    String version = library.replaceFirst(".*\\.so\\.?", "").replaceFirst("\\..*", "");
    for (var bringer : BRINGERS.entrySet()) {
      if (library.startsWith(bringer.getKey())) {
        return ": install " + bringer.getValue() + (version.isEmpty() ? "" : " " + version);
      }
    }
    return "";
  }
}
