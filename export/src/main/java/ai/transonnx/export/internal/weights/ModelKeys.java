package ai.transonnx.export.internal.weights;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The keys under which training scripts store the state dict of a model. */
public final class ModelKeys {
  private static final Set<String> USUAL =
      Set.of("model", "state_dict", "model_state_dict", "module");

  private ModelKeys() {}

  /** The keys of a path such as {@code trainer.model}; none at the top level. */
  public static List<String> of(String path) {
    return path.isEmpty() ? List.of() : List.of(path.split("\\.", -1));
  }

  /** Whether all keys are usual ones. */
  public static boolean areUsual(Collection<String> keys) {
    return USUAL.containsAll(keys);
  }

  /** Whether a path has usual keys alone, as that of the top level. */
  public static boolean isUsual(String path) {
    return areUsual(of(path));
  }
}
