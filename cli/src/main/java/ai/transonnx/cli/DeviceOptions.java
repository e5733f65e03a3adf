package ai.transonnx.cli;

import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.device.Device;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where and how a model computes: options that several commands share. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "D",
      description =
          "cpu, cuda or cuda:N; auto takes a CUDA device if there is one; or another of ONNX"
              + " Runtime's providers, such as tensorrt (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--device-option",
      paramLabel = "KEY=VALUE",
      description =
          "An option of the device's provider by ONNX Runtime's name, such as"
              + " gpu_mem_limit=2000000000, arena_extend_strategy=kSameAsRequested, use_tf32=1 or"
              + " cudnn_conv_algo_search=EXHAUSTIVE.")
  private Map<String, String> options = Map.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of the runtime (default: one a core, of those that this process may use).")
  private int threads = 0;

  Device device() {
    return Device.parse(device).with(options);
  }

  ModelOptions modelOptions() {
    return ModelOptions.builder().device(device()).threads(threads).build();
  }
}
