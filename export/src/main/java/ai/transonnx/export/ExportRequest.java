package ai.transonnx.export;

import ai.transonnx.export.internal.weights.Fingerprint;
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
 * @param unusedWeights names of tensors that the weights may have for nothing; {@code *} stands for
 *     any characters
 * @param fingerprint of the weights, if it was started before the weights were opened
 * @param isExternal whether the elements go to a file of their own, {@code OUTPUT.data}, even where
 *     they fit into the model's file; they do while that stays under 2 GiB
 */
public record ExportRequest(
    Model model,
    WeightFile weights,
    Provenance origin,
    Path output,
    List<Path> sources,
    List<String> unusedWeights,
    Optional<Fingerprint> fingerprint,
    boolean isExternal,
    Progress progress) {
  public ExportRequest {
    sources = List.copyOf(sources);
    unusedWeights = List.copyOf(unusedWeights);
    if (fingerprint.isPresent() && !fingerprint.get().files().equals(weights.files())) {
      throw new IllegalArgumentException(
          "the fingerprint is of %s, the weights are %s"
              .formatted(fingerprint.get().files(), weights.files()));
    }
  }

  /** An export that uses every tensor, into one file if that is possible. */
  public static ExportRequest of(Model model, WeightFile weights, Provenance origin, Path output) {
    return new ExportRequest(
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

  public ExportRequest withSources(List<Path> files) {
    return new ExportRequest(
        model, weights, origin, output, files, unusedWeights, fingerprint, isExternal, progress);
  }

  public ExportRequest withUnusedWeights(List<String> names) {
    return new ExportRequest(
        model, weights, origin, output, sources, names, fingerprint, isExternal, progress);
  }

  public ExportRequest withFingerprint(Fingerprint started) {
    return new ExportRequest(
        model,
        weights,
        origin,
        output,
        sources,
        unusedWeights,
        Optional.of(started),
        isExternal,
        progress);
  }

  public ExportRequest withExternalData(boolean external) {
    return new ExportRequest(
        model, weights, origin, output, sources, unusedWeights, fingerprint, external, progress);
  }

  public ExportRequest withProgress(Progress listener) {
    return new ExportRequest(
        model, weights, origin, output, sources, unusedWeights, fingerprint, isExternal, listener);
  }
}
