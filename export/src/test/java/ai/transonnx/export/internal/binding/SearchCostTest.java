package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search takes time in proportion to the names, or these tests would take minutes. */
class SearchCostTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<Parameter> ONE = List.of(TestCheckpoint.parameter("w", 1));

  private final TestCheckpoint file = new TestCheckpoint();

  private void assertRefused(List<Parameter> parameters, String phrase) {
    var rules = NameRules.unused(List.of());
    var error =
        assertTimeout(
            LIMIT,
            () -> assertThrows(InputException.class, () -> Binding.bind(parameters, file, rules)));
    assertTrue(String.valueOf(error.getMessage()).contains(phrase), error.getMessage());
  }

  @Test
  void manyPrefixesThatFitInPart() {
    for (int i = 0; i < 50_000; i++) {
      file.add("", "p" + i + ".norm.weight", Shape.of(4));
    }
    assertRefused(TestCheckpoint.model(), "5 missing");
  }

  @Test
  void manyPrefixesThatFit() {
    for (int i = 0; i < 50_000; i++) {
      file.add("", "p" + i + ".w", Shape.of(1)).add("", "p" + i + ".unknown", Shape.of(1));
    }
    assertRefused(ONE, "50000 sets of tensors fit");
  }

  @Test
  void prefixesWithinPrefixes() {
    for (int i = 0; i < 2_000; i++) {
      file.add("", "a.".repeat(i) + "w", Shape.of(1)).add("", "a.".repeat(i) + "b", Shape.of(1));
    }
    assertRefused(ONE, "2000 sets of tensors fit");
  }

  @Test
  void longNamesOfWrappers() {
    file.add("", name -> name.replace(".fn.", ".fn." + "x.".repeat(200_000)));
    file.add("", "layers.".repeat(200_000) + "weight", Shape.of(1));
    assertRefused(TestCheckpoint.model(), "is not used");
  }

  @Test
  void manyStateDictsThatFit() {
    for (int i = 0; i < 10_000; i++) {
      file.add("run" + i, "w", Shape.of(1));
    }
    assertRefused(ONE, "10000 sets of tensors fit");
  }
}
