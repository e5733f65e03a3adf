package ai.transonnx.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.transonnx.runtime.device.Device;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Owns an ONNX Runtime session. Many threads may run it, up to its {@link RunLimit} at once;
 * closing waits for the runs in progress and fails later ones.
 */
final class NativeSession implements AutoCloseable {
  /** Frees the parts of the memory for intermediate results that are unused after a run. */
  private static final String SHRINKAGE = "memory.enable_memory_arena_shrinkage";

  private final Path file;
  private final OrtSession session;
  private final Device device;
  private final Signature signature;
  private final MemoryBudget memory;
  private final RunGate gate;
  private final boolean returnsMemory;
  private final Cancellation shutdown = new Cancellation();

  private NativeSession(Path file, SessionOpener.Opened opened, ModelOptions options) {
    this.file = file;
    this.session = opened.session();
    this.device = opened.device();
    this.signature = signature(file, session);
    this.memory = new MemoryBudget(file.toString(), options.memoryLimit(), signature);
    this.gate = new RunGate(file.toString(), options.runLimit());
    this.returnsMemory = options.returnsMemory();
  }

  /**
   * Loads {@code file}.
   *
   * @throws ModelException if ONNX Runtime rejects it
   * @throws DeviceException if the device cannot be used
   * @throws MemoryLimitException if there is not enough memory
   */
  static NativeSession open(Path file, ModelOptions options) {
    var opened = SessionOpener.open(file, options);
    try {
      return new NativeSession(file, opened, options);
    } catch (RuntimeException | Error e) {
      close(file, opened.session());
      throw e;
    }
  }

  OrtEnvironment environment() {
    return NativeEnvironment.get();
  }

  /** The device that computes. */
  Device device() {
    return device;
  }

  /** The inputs and outputs of the graph. */
  Signature signature() {
    return signature;
  }

  private static Signature signature(Path file, OrtSession session) {
    try {
      return new Signature(
          specs(file, "input", session.getInputInfo()),
          specs(file, "output", session.getOutputInfo()));
    } catch (OrtException e) {
      throw new ModelException(file, "its signature cannot be read: " + NativeErrors.line(e), e);
    }
  }

  private static Map<String, TensorSpec> specs(
      Path file, String kind, Map<String, NodeInfo> nodes) {
    var specs = new LinkedHashMap<String, TensorSpec>();
    nodes.forEach(
        (name, node) ->
            specs.put(
                name,
                NativeTensors.spec(node)
                    .orElseThrow(
                        () ->
                            new ModelException(
                                file,
                                "%s '%s' is %s, which is not supported"
                                    .formatted(kind, name, node.getInfo())))));
    return specs;
  }

  /** The file's metadata entries. */
  Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new ModelException(file, "its metadata cannot be read: " + NativeErrors.line(e), e);
    }
  }

  /**
   * Waits for a turn, then runs the model once.
   *
   * @param outputs the outputs that ONNX Runtime allocates; the caller closes each in the result
   * @param pinned the outputs that are written to the caller's tensors, which must have their shape
   * @param isContinuation whether an earlier run of a loop is continued: it then waits even if the
   *     queue is full
   * @throws BusyException if the wait queue is full and this is no continuation
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the session is closed, or closed during the run without waiting
   * @throws MemoryLimitException if the call needs more memory than is allowed or available
   * @throws RunException if ONNX Runtime fails
   */
  OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      boolean isContinuation,
      Cancellation cancellation) {
    memory.check(inputs, outputs, pinned.keySet());
    if (isContinuation) {
      gate.enterAgain(cancellation);
    } else {
      gate.enter(cancellation);
    }
    try {
      return call(inputs, outputs, pinned, cancellation);
    } catch (OrtException e) {
      throw failure(e, cancellation);
    } finally {
      gate.leave();
    }
  }

  private OrtSession.Result call(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      Cancellation cancellation)
      throws OrtException {
    var call = NativeShutdown.enter();
    try (call;
        var options = new OrtSession.RunOptions()) {
      if (returnsMemory) {
        options.addRunConfigEntry(SHRINKAGE, "cpu:0");
      }
      var watch = cancellation.watch(() -> terminate(options));
      var shutdownWatch = shutdown.watch(() -> terminate(options));
      try {
        return session.run(inputs, outputs, pinned, options);
      } finally {
        shutdownWatch.close();
        watch.close();
      }
    }
  }

  private InferenceException failure(OrtException e, Cancellation cancellation) {
    if (NativeErrors.isTermination(e)) {
      return cancellation.isCancelled()
          ? cancellation.exception(file.toString(), e)
          : new ClosedException(file + ": the model was closed while it ran");
    }
    String problem = file + ": the run failed: " + NativeErrors.line(e);
    return NativeErrors.isMemory(e)
        ? new MemoryLimitException(problem, e)
        : new RunException(problem, e);
  }

  private static void terminate(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new RunException("the run could not be stopped: " + NativeErrors.line(e), e);
    }
  }

  /** Stops the calls that run, and closes. */
  void closeNow() {
    shutdown.cancel();
    close();
  }

  @Override
  public void close() {
    if (gate.close()) {
      close(file, session);
    }
  }

  /** At the end of the JVM, the system frees the memory instead. */
  private static void close(Path file, OrtSession session) {
    var entered = NativeShutdown.enterNow();
    if (entered.isEmpty()) {
      return;
    }
    var call = entered.get();
    try (call) {
      session.close();
    } catch (OrtException e) {
      throw new RunException(file + ": closing failed: " + NativeErrors.line(e), e);
    }
  }
}
