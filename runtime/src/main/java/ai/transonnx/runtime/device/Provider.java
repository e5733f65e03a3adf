package ai.transonnx.runtime.device;

import ai.transonnx.runtime.RequestException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The execution providers of ONNX Runtime's Java API, besides the CPU and CUDA. The build of ONNX
 * Runtime determines which of them load; {@code transonnx doctor} reports them.
 */
public enum Provider {
  /** NVIDIA TensorRT; the target is a device number, the options are TensorRT's. */
  TENSORRT(Target.INDEX, Options.ANY),
  /** AMD ROCm; the target is a device number. */
  ROCM(Target.INDEX, Options.NONE),
  /** Intel oneDNN. */
  DNNL(Target.NONE, Options.NONE),
  /** Intel OpenVINO; the target is its device, such as {@code CPU} or {@code GPU}. */
  OPENVINO(Target.NAME, Options.NONE),
  /** Windows DirectML; the target is a device number. */
  DIRECTML(Target.INDEX, Options.NONE),
  /** Apple Core ML, with its options. */
  COREML(Target.NONE, Options.ANY),
  /** XNNPACK, with its options. */
  XNNPACK(Target.NONE, Options.ANY),
  /** Qualcomm's AI Engine, with its options. */
  QNN(Target.NONE, Options.ANY),
  /** WebGPU, with its options. */
  WEBGPU(Target.NONE, Options.ANY),
  /** Android's neural network API. */
  NNAPI(Target.NONE, Options.NONE),
  /** The Arm Compute Library. */
  ACL(Target.NONE, Options.NONE);

  private enum Target {
    NONE,
    INDEX,
    NAME
  }

  private enum Options {
    NONE,
    ANY
  }

  private final Target target;
  private final Options options;

  Provider(Target target, Options options) {
    this.target = target;
    this.options = options;
  }

  static Provider named(String name) {
    return Stream.of(values())
        .filter(provider -> provider.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static RequestException unknown(String name) {
    var others = Stream.of(values()).map(Provider::toString).collect(Collectors.joining(", "));
    return new RequestException(
        "there is no device '%s'; possible are cpu, cuda, auto, %s".formatted(name, others));
  }

  void check(String name, Map<String, String> settings) {
    if (target == Target.INDEX) {
      index(name);
    } else if (target == Target.NONE && !name.isEmpty()) {
      throw new RequestException(
          "device '%s' has no '%s': there is only one".formatted(this, name));
    }
    if (options == Options.NONE && !settings.isEmpty()) {
      throw new RequestException(
          "ONNX Runtime's Java API takes no options for device '%s'; given are %s"
              .formatted(this, List.copyOf(settings.keySet())));
    }
  }

  /** Parses a device number, from 0; an empty text is the first device. */
  public static int index(String target) {
    if (target.isEmpty()) {
      return 0;
    }
    try {
      int index = Integer.parseInt(target);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Reported below, as a negative number is.
    }
    throw new RequestException("device number '%s' is not 0 or more".formatted(target));
  }

  /** The name that {@link Device#parse} takes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
