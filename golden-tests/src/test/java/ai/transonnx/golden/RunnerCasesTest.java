package ai.transonnx.golden;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.Step;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.Runners;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Golden cases, whole and in chunks with state, in each installed runtime. */
@Tag("browser")
class RunnerCasesTest {
  private static final Path CASES = Path.of("cases");

  @TestFactory
  Stream<DynamicContainer> node(@TempDir Path scratch) {
    return cases("node:threads=1", ofEach(RunnerCasesTest::classOf), scratch);
  }

  @TestFactory
  Stream<DynamicContainer> webAssembly(@TempDir Path scratch) {
    return cases("web-wasm:threads=1", ofEach(RunnerCasesTest::classOf), scratch);
  }

  /** An adapter that computes on the processor takes seconds to prepare a model. */
  @TestFactory
  Stream<DynamicContainer> webGpu(@TempDir Path scratch) {
    return cases("web-webgpu:threads=1", ofEach(CaseFolder::library), scratch);
  }

  private static Stream<DynamicContainer> cases(String name, Set<Path> selected, Path scratch) {
    var runner = open(name);
    return new CaseTests(CASES, scratch, file -> RunnerCaseModel.load(file, runner))
        .all(EmitOptions.STANDARD, selected::contains)
        .onClose(runner::close);
  }

  private static ModelRunner open(String name) {
    try {
      return Runners.open(name);
    } catch (MissingRunnerException e) {
      return Assumptions.abort("%s; install with: %s".formatted(e.getMessage(), e.install()));
    }
  }

  /**
   * The first case of each group without a generation, for which runtimes have no loop.
   *
   * @param group names the group of a case
   */
  private static Set<Path> ofEach(Function<CaseFolder, Object> group) {
    var groups = new HashSet<Object>();
    return CaseFolder.below(CASES).stream()
        .filter(path -> isForward(CaseFolder.read(path)))
        .filter(path -> groups.add(group.apply(CaseFolder.read(path))))
        .collect(Collectors.toSet());
  }

  private static boolean isForward(CaseFolder folder) {
    return folder.steps().stream().noneMatch(step -> step.kind() == Step.Kind.GREEDY);
  }

  private static String classOf(CaseFolder folder) {
    return folder.library() + " " + folder.architecture().className();
  }
}
