package ai.transonnx.runtime.internal.worker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The runtime that a worker calls. Any exception of a method is the answer to the request. */
interface WorkerRuntime {
  /** The fields {@code runtime}, {@code version}, {@code provider} and {@code properties}. */
  Map<String, Object> fingerprint() throws Exception;

  /**
   * Loads a model.
   *
   * @param level {@code none}, {@code basic}, {@code extended} or {@code all}
   * @param threads the number of threads; 0 for the default
   */
  Loaded load(Path model, String level, int threads) throws Exception;

  /** A loaded model. */
  interface Loaded {
    /** Runs the model and returns these outputs. */
    Map<String, WorkerTensor> run(Map<String, WorkerTensor> inputs, Set<String> outputs)
        throws Exception;

    void close() throws Exception;
  }

  /** The name of ONNX Runtime's constant for a level. */
  static String optLevel(String level) {
    return switch (level) {
      case "none" -> "NO_OPT";
      case "basic" -> "BASIC_OPT";
      case "extended" -> "EXTENDED_OPT";
      case "all" -> "ALL_OPT";
      default -> throw new IllegalArgumentException("unknown level " + level);
    };
  }
}
