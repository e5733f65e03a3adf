package ai.transonnx.cli;

import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.device.Device;
import java.util.Map;
import picocli.CommandLine.Option;

/** The device and the number of threads, for commands that run models. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "D",
      description =
          "cpu, cuda, cuda:N, auto (CUDA if it is available), or another execution provider of"
              + " ONNX Runtime, such as tensorrt (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--device-option",
      paramLabel = "KEY=VALUE",
      description =
          "An option of the execution provider, by its name in ONNX Runtime, such as"
              + " gpu_mem_limit=2000000000, arena_extend_strategy=kSameAsRequested, use_tf32=1 or"
              + " cudnn_conv_algo_search=EXHAUSTIVE.")
  private Map<String, String> options = Map.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "The number of threads of an operator (default: one for each core that this process may"
              + " use).")
  private int threads = 0;

  Device device() {
    return Device.parse(device).with(options);
  }

  ModelOptions modelOptions() {
    return ModelOptions.builder().device(device()).threads(threads).build();
  }
}
