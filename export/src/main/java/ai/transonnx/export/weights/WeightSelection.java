package ai.transonnx.export.weights;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tensors of a file that a model was bound to.
 *
 * <p>Immutable; threads may share it.
 *
 * @param key the key of their state dict in the file; empty for the top level
 * @param prefix the prefix that a wrapper added to the model's names; often empty
 * @param wrappers the segments that wrappers of submodules added within names, such as {@code
 *     _orig_mod}; usually none
 * @param skipped the names in the state dict that belong to something else
 * @param alternatives other tensors of the file that fit the model as well: the options that select
 *     each, such as {@code --weights-key ema --weights-prefix ema_model.}
 */
public record WeightSelection(
    String key,
    String prefix,
    SortedSet<String> wrappers,
    List<String> skipped,
    List<String> alternatives) {
  public WeightSelection {
    wrappers = Collections.unmodifiableSortedSet(new TreeSet<>(wrappers));
    skipped = List.copyOf(skipped);
    alternatives = List.copyOf(alternatives);
  }
}
