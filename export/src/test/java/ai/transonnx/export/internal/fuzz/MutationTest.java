package ai.transonnx.export.internal.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Opens small valid files with random changes, from a fixed seed. */
class MutationTest {
  private static final int MUTANTS = 500;
  private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xff, '(', '.', 'R', 'h', 0x94, '9', '{'};

  @TestFactory
  Stream<DynamicTest> everyFormatSurvivesSmallChanges() {
    return Seeds.all().entrySet().stream()
        .map(seed -> DynamicTest.dynamicTest(seed.getKey(), () -> mutate(seed.getValue())));
  }

  private static void mutate(byte[] seed) {
    var opening = new Opening();
    var random = new Random(seed.length);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      var mutant = mutant(seed, random);
      boolean accepted =
          assertTimeoutPreemptively(Duration.ofSeconds(10), () -> opening.accepts(mutant));
      refused += accepted ? 0 : 1;
    }
    assertTrue(refused > MUTANTS / 10, refused + " refused");
  }

  /** A copy with one to three random changes. */
  static byte[] mutant(byte[] seed, Random random) {
    var mutant = seed.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(5)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] = (byte) EDGES[random.nextInt(EDGES.length)];
        case 2 -> Arrays.fill(mutant, at, Math.min(mutant.length, at + 4), (byte) 0xff);
        case 3 -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
        default -> {
          int from = random.nextInt(mutant.length);
          int length = Math.min(random.nextInt(16), mutant.length - Math.max(at, from));
          System.arraycopy(mutant, from, mutant, at, length);
        }
      }
    }
    return mutant;
  }
}
