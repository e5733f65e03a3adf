package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import java.util.List;
import java.util.StringJoiner;

/** Tensors of a file that may be those of a model. */
record Candidate(WeightSet set, PrefixMatch match, Leftovers leftovers) {
  /** The tensors among them that the model does not know. */
  List<WeightTensor> unknown() {
    return leftovers.unknown(match);
  }

  /** The names of the set's tensors that belong to something else. */
  List<String> others() {
    return set.tensors().values().stream()
        .filter(tensor -> !leftovers.isWithin(match, tensor))
        .map(WeightTensor::name)
        .toList();
  }

  /** The key and the prefix, as they follow a statement about the whole file. */
  String location() {
    String key =
        set.key().isEmpty() ? "" : " under the key '%s'".formatted(Printable.of(set.key()));
    return match.prefix().isEmpty()
        ? key
        : "%s, also without the prefix '%s'".formatted(key, Printable.of(match.prefix()));
  }

  /** The options that select it, such as {@code --weights-key ema --weights-prefix ema_model.}. */
  String options() {
    var options = new StringJoiner(" ");
    if (!set.key().isEmpty()) {
      options.add("--weights-key " + Printable.of(set.key()));
    }
    String prefix = match.prefix();
    options.add("--weights-prefix " + (prefix.isEmpty() ? "''" : Printable.of(prefix)));
    return options.toString();
  }
}
