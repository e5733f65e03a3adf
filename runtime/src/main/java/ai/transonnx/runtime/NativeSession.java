package ai.transonnx.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The one owner of a runtime session. Any number of threads may run it, as many at once as its
 * {@link RunLimit} says; closing waits for those that run and turns away those that come later.
 */
final class NativeSession implements AutoCloseable {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Signature signature;
  private final MemoryBudget memory;
  private final RunGate gate;
  private final Cancellation shutdown = new Cancellation();

  private NativeSession(
      Path file, OrtEnvironment environment, OrtSession session, ModelOptions options) {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.signature = signature(file, session);
    this.memory = new MemoryBudget(file.toString(), options.memoryLimit(), signature);
    this.gate = new RunGate(file.toString(), options.runLimit());
  }

  /**
   * Loads {@code file}. Nothing is logged: what goes wrong is in the exceptions.
   *
   * @throws ModelException if the runtime refuses it
   * @throws MemoryLimitException if there is not enough memory for it
   */
  static NativeSession open(Path file, ModelOptions options) {
    var environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
    try (var settings = new OrtSession.SessionOptions()) {
      configure(settings, options);
      var session = environment.createSession(file.toString(), settings);
      try {
        return new NativeSession(file, environment, session, options);
      } catch (RuntimeException | Error e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      String problem = "this model cannot be loaded: " + NativeErrors.line(e);
      throw NativeErrors.isMemory(e)
          ? new MemoryLimitException(file + ": " + problem, e)
          : new ModelException(file, problem, e);
    }
  }

  private static void configure(OrtSession.SessionOptions settings, ModelOptions options)
      throws OrtException {
    settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    settings.setIntraOpNumThreads(options.threads());
    settings.setOptimizationLevel(
        switch (options.optimisation()) {
          case NONE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
          case BASIC -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
          case EXTENDED -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
          case ALL -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
        });
    // Device.Cpu is what a session has without being asked; another device is added here.
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** What the graph takes and gives. */
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
   * Runs the model once, when it is its turn.
   *
   * @param outputs the outputs that the runtime allocates; the caller closes each in the result
   * @param pinned outputs that are written to the caller's tensors, which must have their shape
   * @throws BusyException if as many calls wait as may
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the session is closed, or is closed at once meanwhile
   * @throws MemoryLimitException if the call needs more memory than it may have, or than there is
   * @throws RunException if the runtime fails
   */
  OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      Cancellation cancellation) {
    memory.check(inputs, outputs, pinned.keySet());
    gate.enter(cancellation);
    try (var options = new OrtSession.RunOptions()) {
      var watch = cancellation.watch(() -> terminate(options));
      var shutdownWatch = shutdown.watch(() -> terminate(options));
      try {
        return session.run(inputs, outputs, pinned, options);
      } finally {
        shutdownWatch.close();
        watch.close();
      }
    } catch (OrtException e) {
      throw failure(e, cancellation);
    } finally {
      gate.leave();
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

  /** Ends the calls that run, and closes. */
  void closeNow() {
    shutdown.cancel();
    close();
  }

  @Override
  public void close() {
    try {
      if (gate.close()) {
        session.close();
      }
    } catch (OrtException e) {
      throw new RunException(file + ": closing failed: " + NativeErrors.line(e), e);
    }
  }
}
