package ai.transonnx.runtime.device;

import ai.transonnx.runtime.RequestException;
import java.util.Map;

/**
 * Where a model computes.
 *
 * <pre>{@code
 * Device.parse("cuda:1"); // the second graphics card
 * Device.parse("auto"); // a graphics card if there is one, else the processor
 * new Device.Cuda(0, CudaOptions.builder().memoryLimit(4L << 30).build());
 * Device.parse("tensorrt").with(Map.of("trt_fp16_enable", "1"));
 * Device.parse("gpu"); // RequestException: there is no device 'gpu'; ...
 * }</pre>
 */
public sealed interface Device {
  /** The processor. */
  Device CPU = new Cpu();

  /**
   * The device of a name: {@code cpu}, {@code cuda} or {@code cuda:N}, {@code auto}, or that of a
   * {@link Provider}, alone or with a target behind a colon.
   *
   * @throws RequestException if there is no such device
   */
  static Device parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String target = colon < 0 ? "" : text.substring(colon + 1);
    if (colon >= 0 && target.isEmpty()) {
      throw new RequestException("device '%s' has nothing behind the colon".formatted(text));
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
   * This device with options of its provider, named and written as ONNX Runtime's documentation has
   * them.
   *
   * @throws RequestException if the device has no such option
   */
  Device with(Map<String, String> options);

  /** The processor, with ONNX Runtime's own kernels. */
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

  /** The first CUDA device, or else, with a warning in the log, the processor. */
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
   * @param index counted from 0
   */
  record Cuda(int index, CudaOptions options) implements Device {
    /**
     * @throws RequestException if {@code index} is negative
     */
    public Cuda {
      if (index < 0) {
        throw new RequestException("CUDA device " + index + "; they are counted from 0");
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
   * What another provider computes on.
   *
   * @param target which of its devices, as {@link Provider} says; empty for its first
   * @param options the provider's own options
   */
  record Other(Provider provider, String target, Map<String, String> options) implements Device {
    /**
     * @throws RequestException if the provider does not take the target or the options
     */
    public Other {
      options = Map.copyOf(options);
      provider.check(target, options);
    }

    @Override
    public Device with(Map<String, String> more) {
      var all = new java.util.HashMap<>(options);
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
          "device '%s' takes no options, but %s".formatted(device, options.keySet()));
    }
    return device;
  }
}
