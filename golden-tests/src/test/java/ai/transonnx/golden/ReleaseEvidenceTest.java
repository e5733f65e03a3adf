package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.graph.Shape;
import ai.transonnx.internal.guess.LocatedGuess;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.xtransformers.Release;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names and shapes of weights tell which releases can have written them. */
class ReleaseEvidenceTest {
  private static Stream<CaseFolder> cases() {
    return Stream.of("cases/x-transformers", "releases")
        .flatMap(directory -> CaseFolder.below(Path.of(directory)).stream())
        .map(CaseFolder::read);
  }

  @Test
  void theReleaseOfEveryCaseIsPossible() {
    var failures = new ArrayList<String>();
    cases().forEach(folder -> check(folder, failures));
    assertEquals(List.of(), failures);
  }

  private static void check(CaseFolder folder, List<String> failures) {
    var shapes = new LinkedHashMap<String, Shape>();
    try (var file = Weights.open(folder.weights())) {
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    }
    var release = folder.release().map(Release::of).orElse(Release.DEFAULT);
    var evidence = LocatedGuess.all(shapes, Optional.empty()).get(0).guess().evidence();
    if (evidence.isEmpty()) {
      failures.add(folder.name() + " seems to belong to another library");
    } else {
      evidence
          .get()
          .contradiction(release)
          .ifPresent(reason -> failures.add(folder.name() + ": " + reason));
    }
  }
}
