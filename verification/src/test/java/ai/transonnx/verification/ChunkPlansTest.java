package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkPlansTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 31, 64, 65, 700})
  void chunksCoverTheSequence(int n) {
    for (var split : ChunkPlans.of(n)) {
      assertEquals(n, split.stream().mapToInt(Integer::intValue).sum());
      assertTrue(split.stream().allMatch(chunk -> chunk > 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 31, 65})
  void oneSplitHasSinglePositions(int n) {
    assertTrue(ChunkPlans.of(n).stream().anyMatch(split -> split.size() == n));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 31, 65})
  void oneSplitHasAllButTheFirstPosition(int n) {
    assertTrue(ChunkPlans.of(n).contains(List.of(1, n - 1)));
  }
}
