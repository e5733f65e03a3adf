package ai.transonnx.runtime.diagnosis;

import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.Telemetry;
import ai.transonnx.runtime.device.CudaOptions;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.device.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The capabilities of this machine and of this process's ONNX Runtime.
 *
 * @param runtime ONNX Runtime's version, if it can be loaded
 * @param irVersion the newest IR version (ONNX file format) that it reads
 * @param opset the newest opset that it supports
 * @param providers every provider of ONNX Runtime's Java API, and whether it loads
 * @param processors the processors that this process may use: the default number of threads
 * @param heapLimit the maximum size of the JVM's heap in bytes
 * @param installedMemory the memory of the machine in bytes, if the system reports it
 * @param availableMemory the memory in bytes that is free or can be freed
 * @param hugePages whether weights are allocated in huge pages
 * @param telemetry the data that ONNX Runtime sends
 */
public record MachineDiagnosis(
    Optional<String> runtime,
    OptionalInt irVersion,
    OptionalInt opset,
    List<ProviderDiagnosis> providers,
    String java,
    String system,
    int processors,
    long heapLimit,
    OptionalLong installedMemory,
    OptionalLong availableMemory,
    HugePages hugePages,
    Telemetry telemetry) {
  public MachineDiagnosis {
    providers = List.copyOf(providers);
  }

  /** Examines this machine and process. */
  public static MachineDiagnosis here() {
    var providers = new ArrayList<ProviderDiagnosis>();
    providers.add(ProviderDiagnosis.of(Device.CPU));
    providers.add(ProviderDiagnosis.of(new Device.Cuda(0, CudaOptions.defaults())));
    for (var provider : Provider.values()) {
      providers.add(ProviderDiagnosis.of(new Device.Other(provider, "", Map.of())));
    }
    return new MachineDiagnosis(
        NativeRuntime.version(),
        NativeRuntime.irVersion(),
        NativeRuntime.opset(),
        providers,
        System.getProperty("java.version", "?"),
        System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory(),
        ProcessMemory.installed(),
        ProcessMemory.available(),
        HugePages.here(),
        Telemetry.here());
  }
}
