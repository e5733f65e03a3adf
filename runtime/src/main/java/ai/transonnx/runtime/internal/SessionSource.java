package ai.transonnx.runtime.internal;

import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A library that has opened sessions of models itself, and gives them away: {@code
 * ai.transonnx.runtime} then loads a model without a second session.
 */
public interface SessionSource {
  /**
   * The session of a model's file, which the caller owns from now on; empty if there is none. Any
   * thread may call it.
   */
  Optional<OrtSession> take(Path file);
}
