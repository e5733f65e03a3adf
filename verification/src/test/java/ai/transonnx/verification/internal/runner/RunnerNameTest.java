package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.runtime.ModelOptions.Optimisation;
import ai.transonnx.verification.runner.Runners;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunnerNameTest {
  private static String problem(String name) {
    var error = assertThrows(InputException.class, () -> RunnerName.parse(name));
    assertFalse(error.getMessage().contains("\n"), error.getMessage());
    return error.getMessage();
  }

  @Test
  void aListIsSeparatedByCommas() {
    assertEquals(List.of("cpu", "cuda:1"), Runners.names(" cpu, cuda:1,"));
  }

  @Test
  void aNameCountsOnce() {
    assertEquals(List.of("cpu:all", "cpu"), Runners.names("cpu:all,cpu,cpu:all"));
  }

  @Test
  void anAsteriskIsEachLevel() {
    assertEquals(
        List.of(
            "cpu:none:threads=2",
            "cpu:basic:threads=2",
            "cpu:extended:threads=2",
            "cpu:all:threads=2"),
        Runners.names("cpu:*:threads=2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu:basic:threads=12", "cpu:threads=12:basic"})
  void aNameMayHaveALevelAndThreadsInAnyOrder(String text) {
    var name = RunnerName.parse(text);
    assertEquals(Optional.of(Optimisation.BASIC), name.level());
    assertEquals(12, name.threads());
    assertEquals("", name.target());
  }

  @Test
  void aTargetStandsBeforeTheSettings() {
    var name = RunnerName.parse("openvino:GPU.0:none");
    assertEquals("GPU.0", name.target());
    assertEquals(Optional.of(Optimisation.NONE), name.level());
  }

  @ParameterizedTest
  @CsvSource({
    "cpuu, did you mean 'cpu'?",
    "cuda0, did you mean 'cuda'?",
    "CPU, did you mean 'cpu'?",
    "cpu:basik, did you mean 'basic'?",
    "cpu:thread=1, did you mean 'threads=1'?",
    "cpu:, the form is cpu[:LEVEL][:threads=N]",
    "cpu:basic:none, has no 'basic'",
    "cpu:threads=0, 1 to 999 are possible",
    "cpu:threads=99999999999, 1 to 999 are possible",
  })
  void aWrongNameIsOneLineWithTheNearest(String name, String advice) {
    assertTrue(problem(name).contains(advice), problem(name));
  }

  @Test
  void anUnknownNameListsAllNames() {
    assertTrue(problem("abacus").contains("cpu, cuda, tensorrt"), problem("abacus"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " , "})
  void aListHasAName(String list) {
    var error = assertThrows(InputException.class, () -> Runners.names(list));
    assertTrue(error.getMessage().contains("no runtime is given"), error.getMessage());
  }

  @Test
  void aWrongDeviceNumberIsReportedWhenItIsOpened() {
    var error = assertThrows(InputException.class, () -> Runners.open("cuda:x"));
    assertEquals("runtime 'cuda:x': device number 'x' is not 0 or more", error.getMessage());
  }
}
