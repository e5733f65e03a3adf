package ai.transonnx.cli;

import ai.transonnx.export.internal.checkpoint.CheckpointModel;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import java.util.Optional;

/**
 * The models in a weight file.
 *
 * @param entries the models of the set that is used without a configuration first
 */
record ModelListing(List<Entry> entries) {
  /** A model, and the options of an export that select it. */
  record Entry(CheckpointModel model) {
    Guess guess() {
      return model.guess();
    }

    String className() {
      return guess().className().isEmpty()
          ? "a class of " + guess().library()
          : "%s of %s".formatted(guess().className(), guess().library());
    }

    String options() {
      return (model.key().isEmpty() ? "" : "--weights-key " + model.key() + " ")
          + "--weights-prefix "
          + (model.prefix().isEmpty() ? "''" : model.prefix());
    }
  }

  /**
   * The models of a file.
   *
   * @param release the release of x-transformers that wrote them, if it is known
   */
  static ModelListing of(WeightFile file, Optional<Release> release) {
    return new ModelListing(CheckpointModel.all(file, release).stream().map(Entry::new).toList());
  }

  /** Whether the only model needs no options to be found. */
  boolean isPlain() {
    return entries.size() <= 1
        && entries.stream()
            .map(Entry::model)
            .allMatch(one -> one.key().isEmpty() && one.prefix().isEmpty());
  }
}
