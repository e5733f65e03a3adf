package ai.transonnx.cli;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.internal.config.Json;
import ai.transonnx.internal.guess.Guess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Describes a weight file for people. */
record WeightsText(Listing listing) {
  private static final int MAX_SETS = 100;

  /**
   * Prints the tensors and the models that they resemble.
   *
   * @param models those of the file
   */
  void print(WeightFile weights, ModelListing models) {
    var tensors = weights.tensors().values();
    long bytes = tensors.stream().mapToLong(WeightTensor::byteCount).sum();
    listing.line(
        "%s: %s, %s tensors, %s",
        weights.path(), weights.format(), tensors.size(), Listing.size(bytes));
    weights.metadata().forEach((key, value) -> listing.line("  %s: %s", key, value));
    listing.heading("tensors");
    tensors.forEach(tensor -> listing.line("  %s, %s", tensor, Listing.size(tensor.byteCount())));
    list("cannot be used", weights.unusable());
    list("other values", weights.others());
    if (weights.sets().size() > 1) {
      listing.heading("state dicts, with their --weights-key");
      weights.sets().stream().limit(MAX_SETS).forEach(this::set);
      if (weights.sets().size() > MAX_SETS) {
        listing.line("  and %s more", weights.sets().size() - MAX_SETS);
      }
    }
    models(models);
  }

  private void models(ModelListing models) {
    if (models.entries().isEmpty()) {
      listing.heading("not recognized as a class of the supported libraries");
      return;
    }
    if (!models.isPlain()) {
      listing.heading("models, with the options that select them");
      models
          .entries()
          .forEach(model -> listing.line("  %s: %s", model.options(), model.className()));
    }
    guess(models.entries().get(0));
  }

  private void list(String title, Map<String, String> values) {
    if (!values.isEmpty()) {
      listing.heading(title);
      values.forEach((key, value) -> listing.line("  %s: %s", key, value));
    }
  }

  private void set(WeightSet set) {
    long bytes = set.tensors().values().stream().mapToLong(WeightTensor::byteCount).sum();
    listing.line(
        "  %s: %s tensors, %s",
        set.key().isEmpty() ? "(at the top level)" : set.key(),
        set.tensors().size(),
        Listing.size(bytes));
  }

  private void guess(ModelListing.Entry model) {
    var guess = model.guess();
    listing.heading("looks like " + model.className());
    listing.line("  %s", Json.compact(guess.document()));
    guess.origin().ifPresent(this::releases);
    if (!guess.unknown().isEmpty()) {
      listing.line(
          "not determined by names and shapes; add to config those that are required or differ from"
              + " their defaults:");
      guess.unknown().forEach(this::hint);
      withoutHint(guess)
          .forEach((group, keys) -> listing.line("  %s%s", group, String.join(", ", keys)));
    }
  }

  private void hint(String option, String hint) {
    if (!hint.isEmpty()) {
      listing.line("  %s: %s", option, hint);
    }
  }

  /** The unknown options without a hint, by the object in the configuration that has them. */
  private static Map<String, List<String>> withoutHint(Guess guess) {
    return guess.unknown().entrySet().stream()
        .filter(option -> option.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(
            Collectors.groupingBy(
                option -> option.contains(".") ? "in " + option.replaceFirst("\\..*", ": ") : "",
                TreeMap::new,
                Collectors.mapping(
                    option -> option.substring(option.indexOf('.') + 1), Collectors.toList())));
  }

  private void releases(Guess.Releases releases) {
    if (releases.possible().isEmpty()) {
      listing.line("the names are of no single release; add the release that wrote the weights");
    } else if (releases.possible().releases().size() > 1) {
      listing.line(
          "written by one of the releases %s; the options are those of %s, --release prints those"
              + " of another one; add 'release' if an export asks for it",
          releases.possible(), releases.shown());
    }
  }
}
