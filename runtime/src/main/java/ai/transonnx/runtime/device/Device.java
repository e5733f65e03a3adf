package ai.transonnx.runtime.device;

import ai.transonnx.runtime.RequestException;
import java.util.HashMap;
import java.util.Map;

/**
 * The device that computes a model.
 *
 * <pre>{@code
 * Device.parse("cuda:1"); // the second graphics card
 * Device.parse("auto"); // a graphics card if there is one, else the CPU
 * new Device.Cuda(0, CudaOptions.builder().memoryLimit(4L << 30).build());
 * Device.parse("tensorrt").with(Map.of("trt_fp16_enable", "1"));
 * Device.parse("gpu"); // RequestException: there is no device 'gpu'; ...
 * }</pre>
 */
public sealed interface Device {
  /** The CPU. */
  Device CPU = new Cpu();

  /**
   * The device of a name: {@code cpu}, {@code cuda} or {@code cuda:N}, {@code auto}, or that of a
   * {@link Provider}, alone or followed by a colon and a target.
   *
   * @throws RequestException if there is no such device
   */
  static Device parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String target = colon < 0 ? "" : text.substring(colon + 1);
    if (colon >= 0 && target.isEmpty()) {
      throw new RequestException("device '%s' has nothing after the colon".formatted(text));
    }
    return switch (name) {
      case "cpu" -> alone(text, target, CPU);
      case "auto" -> alone(text, target, new Auto());
      case "cuda" -> new Cuda(Provider.index(target), CudaOptions.defaults());
      default -> new Other(Provider.named(name), target, Map.of());
    };
  }

  private static Device alone(String text, String target, Device device) {
    if (!target.isEmpty()) {
      throw new RequestException("device '%s': there is only one".formatted(text));
    }
    return device;
  }

  /**
   * This device with options of its provider, in the names and notation of ONNX Runtime's
   * documentation.
   *
   * @throws RequestException if the device has no such option
   */
  Device with(Map<String, String> options);

  /** The CPU, with ONNX Runtime's own kernels. */
  record Cpu() implements Device {
    @Override
    public Device with(Map<String, String> options) {
      return withoutOptions(this, options);
    }

    @Override
    public String toString() {
      return "cpu";
    }
  }

  /** The first CUDA device; if there is none, the CPU, with a warning in the log. */
  record Auto() implements Device {
    @Override
    public Device with(Map<String, String> options) {
      return withoutOptions(this, options);
    }

    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * A CUDA device.
   *
   * @param index the device number, from 0
   */
  record Cuda(int index, CudaOptions options) implements Device {
    /**
     * @throws RequestException if {@code index} is negative
     */
    public Cuda {
      if (index < 0) {
        throw new RequestException("CUDA device number is " + index + "; 0 or more are possible");
      }
    }

    @Override
    public Device with(Map<String, String> more) {
      return new Cuda(index, options.with(more));
    }

    @Override
    public String toString() {
      return "cuda:" + index;
    }
  }

  /**
   * The device of another provider.
   *
   * @param target the device of the provider, as described in {@link Provider}; empty for its first
   * @param options the provider's own options
   */
  record Other(Provider provider, String target, Map<String, String> options) implements Device {
    /**
     * @throws RequestException if the provider does not accept the target or the options
     */
    public Other {
      options = Map.copyOf(options);
      provider.check(target, options);
    }

    @Override
    public Device with(Map<String, String> more) {
      var all = new HashMap<>(options);
      all.putAll(more);
      return new Other(provider, target, all);
    }

    @Override
    public String toString() {
      return provider + (target.isEmpty() ? "" : ":" + target);
    }
  }

  private static Device withoutOptions(Device device, Map<String, String> options) {
    if (!options.isEmpty()) {
      throw new RequestException(
          "device '%s' takes no options; given are %s".formatted(device, options.keySet()));
    }
    return device;
  }
}
