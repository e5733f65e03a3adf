package ai.transonnx.golden;

import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.Stream;

/** The cases of later and earlier releases of x-transformers, for tests that repeat others. */
final class ReleaseCases {
  private static final Path FOLDER = Path.of("releases");

  private ReleaseCases() {}

  /** The cases of {@link CaseTests#sample}. */
  static Stream<Path> sample() {
    return CaseTests.sample(FOLDER).stream();
  }

  /** The other cases, for slow tests. */
  static Stream<Path> others() {
    var sample = new HashSet<>(CaseTests.sample(FOLDER));
    return CaseFolder.below(FOLDER).stream().filter(path -> !sample.contains(path));
  }
}
