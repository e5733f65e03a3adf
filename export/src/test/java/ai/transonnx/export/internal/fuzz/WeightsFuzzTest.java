package ai.transonnx.export.internal.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of all readers. The build runs the seeds only; CONTRIBUTING.md describes
 * longer runs.
 */
class WeightsFuzzTest {
  private static final Opening OPENING = new Opening();

  static Stream<Arguments> seeds() {
    return Seeds.all().values().stream().map(Arguments::of);
  }

  static Stream<Arguments> torchPickles() {
    return Stream.of(
            Seeds.torchPickle(),
            Seeds.module(),
            Seeds.lightning(),
            Seeds.recorded("module.pt"),
            Seeds.recorded("trainer.pt"),
            Seeds.recorded("lightning.ckpt"),
            Seeds.recorded("protocol-5.ckpt"),
            Seeds.recorded("kinds.pt"))
        .map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void anyFile(byte[] bytes) {
    OPENING.accepts(bytes);
  }

  /** The pickle of an archive, in a valid archive. */
  @MethodSource("torchPickles")
  @FuzzTest(maxDuration = "10m")
  void torchPickle(byte[] bytes) {
    OPENING.accepts(Seeds.torchZip(bytes));
  }
}
