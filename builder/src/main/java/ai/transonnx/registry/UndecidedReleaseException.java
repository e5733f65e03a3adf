package ai.transonnx.registry;

import ai.transonnx.InputException;
import ai.transonnx.xtransformers.ReleaseSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Weights that releases with different results can have written, so that someone has to name the
 * release. The message lists the releases and the differences.
 */
public final class UndecidedReleaseException extends InputException {
  private final transient List<ReleaseSet> choices;

  /**
   * @param choices the sets of releases with the same results, 2 or more
   * @param changes the differences, in words
   */
  UndecidedReleaseException(List<ReleaseSet> choices, List<String> changes) {
    super(
        "the weights fit these releases of x-transformers, which compute different results with this configuration: %s (%s); name the release that wrote the weights with --release, or 'release' next to 'library'"
            .formatted(
                choices.stream().map(ReleaseSet::toString).collect(Collectors.joining("; or ")),
                String.join("; ", changes)));
    this.choices = List.copyOf(choices);
  }

  /** The sets of releases to choose from. All releases of a set compute the same. */
  public List<ReleaseSet> choices() {
    return choices;
  }
}
