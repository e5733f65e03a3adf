package ai.transonnx.export;

import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that an export needs. {@link #of} has what every export needs; the {@code with} methods
 * change the rest.
 *
 * @param sources files that the model comes from beside the weights, which the output must not
 *     replace
 * @param unneeded names of tensors that the weights may have for nothing; {@code *} stands for any
 *     characters
 * @param fingerprint of the weights, if it was started before the weights were opened
 * @param isExternal whether the elements go to a file of their own, {@code OUTPUT.data}, even where
 *     they fit into the model's file; they do while that stays under 2 GiB
 */
public record Export(
    Model model,
    WeightFile weights,
    Origin origin,
    Path output,
    List<Path> sources,
    List<String> unneeded,
    Optional<Fingerprint> fingerprint,
    boolean isExternal,
    Progress progress) {
  public Export {
    sources = List.copyOf(sources);
    unneeded = List.copyOf(unneeded);
    if (fingerprint.isPresent() && !fingerprint.get().files().equals(weights.files())) {
      throw new IllegalArgumentException(
          "the fingerprint is of %s, the weights are %s"
              .formatted(fingerprint.get().files(), weights.files()));
    }
  }

  /** An export that uses every tensor, into one file if that is possible. */
  public static Export of(Model model, WeightFile weights, Origin origin, Path output) {
    return new Export(
        model,
        weights,
        origin,
        output,
        List.of(),
        List.of(),
        Optional.empty(),
        false,
        Progress.NONE);
  }

  public Export withSources(List<Path> files) {
    return new Export(
        model, weights, origin, output, files, unneeded, fingerprint, isExternal, progress);
  }

  public Export withUnneeded(List<String> names) {
    return new Export(
        model, weights, origin, output, sources, names, fingerprint, isExternal, progress);
  }

  public Export withFingerprint(Fingerprint started) {
    return new Export(
        model,
        weights,
        origin,
        output,
        sources,
        unneeded,
        Optional.of(started),
        isExternal,
        progress);
  }

  public Export withExternalData(boolean external) {
    return new Export(
        model, weights, origin, output, sources, unneeded, fingerprint, external, progress);
  }

  public Export withProgress(Progress listener) {
    return new Export(
        model, weights, origin, output, sources, unneeded, fingerprint, isExternal, listener);
  }
}
