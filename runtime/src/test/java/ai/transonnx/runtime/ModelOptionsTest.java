package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelOptionsTest {
  @ParameterizedTest
  @ValueSource(ints = {-1, 1025, Integer.MAX_VALUE})
  void threadsHaveALimit(int threads) {
    var builder = ModelOptions.builder().threads(threads);
    var error = assertThrows(RequestException.class, builder::build);
    assertEquals("threads is %s; 0 to 1024 are possible".formatted(threads), error.getMessage());
  }

  @Test
  void asManyThreadsAsTheLargestMachineHasArePossible() {
    assertEquals(1024, ModelOptions.builder().threads(1024).build().threads());
  }

  @Test
  void aMemoryLimitIsPositive() {
    var builder = ModelOptions.builder().memoryLimit(0);
    var error = assertThrows(RequestException.class, builder::build);
    assertTrue(error.getMessage().contains("0 bytes"), error.getMessage());
  }

  @Test
  void aRunLimitIsPositive() {
    for (Executable limit :
        new Executable[] {() -> RunLimit.of(0, 1), () -> RunLimit.perProcessor(0)}) {
      var error = assertThrows(RequestException.class, limit);
      assertTrue(error.getMessage().contains("running is 0"), error.getMessage());
    }
  }

  @Test
  void threadsSpinUnlessTheySleep() {
    assertTrue(ModelOptions.defaults().spins());
    var options = ModelOptions.builder().withoutSpinning().build();
    assertFalse(options.spins());
    assertNotEquals(ModelOptions.defaults(), options);
  }

  @Test
  void aModelThatReturnsItsMemoryHasOtherOptions() {
    var options = ModelOptions.builder().returnMemory().build();
    assertTrue(options.returnsMemory());
    assertNotEquals(ModelOptions.defaults(), options);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 5})
  void accuracyLevelsAreThoseOfOnnxRuntime(int level) {
    var builder = ModelOptions.builder().accuracyLevel(level);
    var error = assertThrows(RequestException.class, builder::build);
    assertEquals("accuracy level is %s; 1 to 4 are possible".formatted(level), error.getMessage());
  }
}
