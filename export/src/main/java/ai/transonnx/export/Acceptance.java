package ai.transonnx.export;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides whether an exported model may have its name. An export calls it from its own thread, when
 * all files are complete.
 */
@FunctionalInterface
public interface Acceptance {
  /**
   * Examines a model. An exception refuses it: the export fails with it, and no file is written or
   * replaced.
   *
   * @param model the model in a temporary folder, with its external data and its tokenizer beside
   *     it
   * @return further files to write together with the model, by the ends of their names: {@code
   *     .proof.json} is {@code MODEL.onnx.proof.json}
   */
  Map<String, byte[]> accept(Path model);

  /** This decision, and then another if this one accepts the model. */
  default Acceptance and(Acceptance other) {
    return model -> {
      var files = new HashMap<>(accept(model));
      files.putAll(other.accept(model));
      return files;
    };
  }
}
