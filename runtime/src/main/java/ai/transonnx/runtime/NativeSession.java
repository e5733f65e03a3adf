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
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The one owner of a runtime session. Any number of threads may run it at once; closing waits for
 * those that run and turns away those that come later.
 */
final class NativeSession implements AutoCloseable {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ReadWriteLock gate = new ReentrantReadWriteLock();
  private boolean closed; // guarded by gate

  private NativeSession(Path file, OrtEnvironment environment, OrtSession session) {
    this.file = file;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Loads {@code file}. Nothing is logged: what goes wrong is in the exceptions.
   *
   * @throws ModelException if the runtime refuses it
   */
  static NativeSession open(Path file, ModelOptions options) {
    var environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
    try (var settings = new OrtSession.SessionOptions()) {
      configure(settings, options);
      return new NativeSession(
          file, environment, environment.createSession(file.toString(), settings));
    } catch (OrtException e) {
      throw new ModelException(file, "this model cannot be loaded: " + NativeErrors.line(e), e);
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
    try {
      return new Signature(
          specs("input", session.getInputInfo()), specs("output", session.getOutputInfo()));
    } catch (OrtException e) {
      throw new ModelException(file, "its signature cannot be read: " + NativeErrors.line(e), e);
    }
  }

  private Map<String, TensorSpec> specs(String kind, Map<String, NodeInfo> nodes) {
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
   * Runs the model once.
   *
   * @param outputs the outputs that the runtime allocates; the caller closes each in the result
   * @param pinned outputs that are written to the caller's tensors, which must have their shape
   */
  OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      Cancellation cancellation) {
    gate.readLock().lock();
    try (var options = new OrtSession.RunOptions()) {
      requireOpen();
      var watch = cancellation.watch(() -> terminate(options));
      try {
        return session.run(inputs, outputs, pinned, options);
      } finally {
        watch.close();
      }
    } catch (OrtException e) {
      if (cancellation.isCancelled()) {
        throw cancellation.exception(e);
      }
      throw new RunException(file + ": the run failed: " + NativeErrors.line(e), e);
    } finally {
      gate.readLock().unlock();
    }
  }

  private static void terminate(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new RunException("the run could not be stopped: " + NativeErrors.line(e), e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedException(file + ": the model is closed");
    }
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new RunException(file + ": closing failed: " + NativeErrors.line(e), e);
    } finally {
      gate.writeLock().unlock();
    }
  }
}
