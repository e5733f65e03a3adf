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
 * What the runtime of this process and its machine can do.
 *
 * @param runtime ONNX Runtime's version, if it can be loaded
 * @param irVersion the newest version of ONNX's file format that it reads
 * @param opset the newest version of ONNX's operators that it supports
 * @param providers every provider that can be named, and whether it loads
 * @param processors that this process may use; by default, no operator uses more threads
 * @param heapLimit the most bytes of the JVM's heap
 * @param installedMemory of the machine in bytes, where the system tells
 * @param availableMemory what of it is free or could be freed
 * @param hugePages whether models' weights lie in huge pages
 * @param telemetry what the runtime tells of this process
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

  /** Looks around. */
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
