package ai.transonnx.golden;

import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Loops over the model of every golden case that is incremental. */
class CaseLoopsTest {
  @TestFactory
  Stream<DynamicContainer> loops(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(CaseFolder::read)
        .filter(CaseLoops::canLoop)
        .map(folder -> tests(folder, scratch.resolve("model.onnx")));
  }

  private static DynamicContainer tests(CaseFolder folder, Path file) {
    folder.export(CaseLoops.request(folder), file);
    var model = OnnxModel.load(file, ModelOptions.builder().threads(1).build());
    var loops = new CaseLoops(model, InterruptedFeeds.LENGTH);
    var tests = new ArrayList<DynamicTest>();
    tests.add(
        DynamicTest.dynamicTest(
            "interrupted feeds are undone", new InterruptedFeeds(model, loops)::assertUndone));
    if (loops.haveTokens()) {
      tests.add(
          DynamicTest.dynamicTest(
              "batched rows equal single rows",
              new BatchedRows(model, loops)::assertEqualSingleRows));
      tests.add(
          DynamicTest.dynamicTest(
              "rows that join and leave equal single rows",
              new JoiningRows(model, loops)::assertEqualSingleRows));
      tests.add(
          DynamicTest.dynamicTest(
              "scheduled requests equal single requests",
              new ScheduledRequests(model, loops)::assertEqualSingleRequests));
      tests.add(
          DynamicTest.dynamicTest(
              "beam searches equal those of whole texts",
              new SearchedBeams(model, loops)::assertAreThoseOfWholeTexts));
      var continued = new ContinuedStates(model, loops, file.resolveSibling("loop.state"));
      tests.add(
          DynamicTest.dynamicTest("forks and restored states continue", continued::assertContinue));
    }
    return DynamicContainer.dynamicContainer(folder.name(), tests.stream().onClose(model::close));
  }
}
