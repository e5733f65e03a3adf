package ai.transonnx.verification.internal.structure;

import java.nio.file.Path;
import java.util.Optional;

/** Where an {@link ArchitectureTwin} has its weights from. Immutable, so threads may share it. */
public sealed interface TwinWeights {
  /** The initializers of the file itself. */
  record OfFile() implements TwinWeights {}

  /**
   * A checkpoint, such as the one that the file was exported from. Its values are rounded to the
   * types of the file's initializers, as an export does.
   *
   * @param weights a file or folder of weights
   * @param key the key of the state dict; empty to find it by names and shapes
   * @param prefix the prefix of the names; empty to find it
   */
  record Checkpoint(Path weights, Optional<String> key, Optional<String> prefix)
      implements TwinWeights {
    /** A checkpoint whose key and prefix are found by names and shapes. */
    public Checkpoint(Path weights) {
      this(weights, Optional.empty(), Optional.empty());
    }
  }
}
