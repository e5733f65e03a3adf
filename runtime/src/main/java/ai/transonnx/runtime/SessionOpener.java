package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.transonnx.runtime.device.CudaOptions;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.internal.DefaultThreads;
import ai.transonnx.runtime.internal.SessionSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens ONNX Runtime sessions on the requested device. */
final class SessionOpener {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);

  /** Otherwise ONNX Runtime selects a format by the name of the file, or by its first bytes. */
  private static final String FORMAT = "session.load_model_format";

  /** The accuracy level of products with quantized weights in standard operators. */
  private static final String ACCURACY_LEVEL = "session.qdq_matmulnbits_accuracy_level";

  private static final String SPINNING = "session.intra_op.allow_spinning";

  private static final String ON_CPU =
      "; the CPU has no kernels for bfloat16: run such a model with --device cuda, or"
          + " export it with --dtype float16";

  private SessionOpener() {}

  /**
   * A session and its device.
   *
   * @param device never {@link Device.Auto}
   */
  record Opened(OrtSession session, Device device) {}

  /**
   * Opens a session, or takes one over that another library has opened.
   *
   * @throws ModelException if ONNX Runtime rejects the file
   * @throws DeviceException if the device cannot be used
   * @throws MemoryLimitException if there is not enough memory
   */
  static Opened open(Path file, ModelOptions options) {
    if (!(options.device() instanceof Device.Auto)) {
      return taken(file)
          .map(session -> new Opened(session, options.device()))
          .orElseGet(() -> open(file, options, options.device()));
    }
    try {
      return open(file, options, new Device.Cuda(0, CudaOptions.defaults()));
    } catch (DeviceException e) {
      LOG.warn("device 'auto' is the CPU: {}", e.getMessage());
      return open(file, options, Device.CPU);
    }
  }

  private static Optional<OrtSession> taken(Path file) {
    var sources = ServiceLoader.load(SessionSource.class, SessionSource.class.getClassLoader());
    return sources.stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(source -> source.take(file).stream())
        .findFirst();
  }

  private static Opened open(Path file, ModelOptions options, Device device) {
    var environment = NativeEnvironment.get();
    var call = NativeShutdown.enter();
    try (call;
        var settings = new SessionOptions()) {
      configure(settings, options);
      DeviceSetup.add(device, settings);
      long start = System.nanoTime();
      var session = create(environment, file, settings);
      LOG.debug("{} loaded on {} in {} ms", file, device, (System.nanoTime() - start) / 1_000_000);
      return new Opened(session, device);
    } catch (OrtException e) {
      String line = NativeErrors.line(e);
      if (!(device instanceof Device.Cpu) && isDeviceProblem(line)) {
        throw MissingProvider.exception(device, e);
      }
      String problem = "this model cannot be loaded: " + line;
      if (NativeErrors.isMemory(e)) {
        throw new MemoryLimitException(file + ": " + problem, e);
      }
      boolean lacksKernel = device instanceof Device.Cpu && NativeErrors.isMissingKernel(e);
      throw new ModelException(file, lacksKernel ? problem + ON_CPU : problem, e);
    }
  }

  private static OrtSession create(OrtEnvironment environment, Path file, SessionOptions settings)
      throws OrtException {
    var externalized = ExternalizedModel.of(file);
    if (externalized.isEmpty()) {
      return environment.createSession(file.toString(), settings);
    }
    externalized.get().configure(settings);
    return environment.createSession(externalized.get().bytes(), settings);
  }

  /** Whether a session cannot be opened because of the device, not the model. */
  private static boolean isDeviceProblem(String line) {
    return Stream.of(
            "CUDA failure", "CUDA error", "cudaGetDevice", "CUDNN failure", "no CUDA-capable")
        .anyMatch(line::contains);
  }

  private static void configure(SessionOptions settings, ModelOptions options) throws OrtException {
    settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    settings.addConfigEntry(FORMAT, "ONNX");
    settings.addConfigEntry(ACCURACY_LEVEL, String.valueOf(options.accuracyLevel()));
    settings.setIntraOpNumThreads(
        options.threads() == 0 ? DefaultThreads.get() : options.threads());
    settings.addConfigEntry(SPINNING, options.spins() ? "1" : "0");
    settings.setOptimizationLevel(
        switch (options.optimisation()) {
          case NONE -> SessionOptions.OptLevel.NO_OPT;
          case BASIC -> SessionOptions.OptLevel.BASIC_OPT;
          case EXTENDED -> SessionOptions.OptLevel.EXTENDED_OPT;
          case ALL -> SessionOptions.OptLevel.ALL_OPT;
        });
  }
}
