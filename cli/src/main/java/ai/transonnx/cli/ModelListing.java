package ai.transonnx.cli;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.internal.guess.LocatedGuess;
import ai.transonnx.xtransformers.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The models in a weight file: what the names and shapes of each state dict resemble.
 *
 * @param entries the models of the set that is used without a configuration first
 */
record ModelListing(List<Entry> entries) {
  /** A model, and the options of an export that select it. */
  record Entry(String key, String prefix, Guess guess) {
    String className() {
      return guess.className().isEmpty()
          ? "a class of " + guess.library()
          : "%s of %s".formatted(guess.className(), guess.library());
    }

    String options() {
      return (key.isEmpty() ? "" : "--weights-key " + key + " ")
          + "--weights-prefix "
          + (prefix.isEmpty() ? "''" : prefix);
    }
  }

  /**
   * The models of a file.
   *
   * @param release the release of x-transformers that wrote them, if it is known
   */
  static ModelListing of(WeightFile file, Optional<Release> release) {
    var used = file.sets().stream().filter(set -> set.tensors().equals(file.tensors()));
    var others = file.sets().stream().filter(set -> !set.tensors().equals(file.tensors()));
    return new ModelListing(
        Stream.concat(used, others)
            .flatMap(set -> entries(set, release).stream())
            .limit(LocatedGuess.MAX)
            .toList());
  }

  private static List<Entry> entries(WeightSet set, Optional<Release> release) {
    var shapes = new LinkedHashMap<String, Shape>();
    set.tensors().values().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    return LocatedGuess.all(shapes, release).stream()
        .map(model -> new Entry(set.key(), model.prefix(), model.guess()))
        .toList();
  }

  /** Whether the only model needs no options to be found. */
  boolean isPlain() {
    return entries.size() <= 1
        && entries.stream().allMatch(one -> one.key().isEmpty() && one.prefix().isEmpty());
  }
}
