package ai.transonnx.export.internal.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of every reader. In a build, each runs over its seeds only; CONTRIBUTING
 * says how to let one run for long.
 */
class WeightsFuzzTest {
  private static final Opening OPENING = new Opening();

  static Stream<Arguments> seeds() {
    return Seeds.all().values().stream().map(Arguments::of);
  }

  static Stream<Arguments> torchPickles() {
    return Stream.of(Arguments.of((Object) Seeds.torchPickle()));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void anyFile(byte[] bytes) {
    OPENING.takes(bytes);
  }

  /** The pickle of an archive, without the archive in the way. */
  @MethodSource("torchPickles")
  @FuzzTest(maxDuration = "10m")
  void torchPickle(byte[] bytes) {
    OPENING.takes(Seeds.torchZip(bytes));
  }
}
