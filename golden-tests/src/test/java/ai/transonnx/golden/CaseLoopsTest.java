package ai.transonnx.golden;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Loops over every golden case that goes on with a state. */
class CaseLoopsTest {
  @TestFactory
  Stream<DynamicContainer> loops(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(CaseFolder::read)
        .filter(CaseLoops::goOn)
        .map(folder -> tests(folder, scratch.resolve("model.onnx")));
  }

  private static DynamicContainer tests(CaseFolder folder, Path file) {
    folder.export(CaseLoops.request(folder), file);
    var model = OnnxModel.load(file);
    var loops = new CaseLoops(model, EndedFeeds.LENGTH);
    var tests = new ArrayList<DynamicTest>();
    tests.add(
        DynamicTest.dynamicTest(
            "feeds that end early are undone", new EndedFeeds(model, loops)::assertUndone));
    if (loops.areOfTokens()) {
      tests.add(
          DynamicTest.dynamicTest(
              "rows side by side are as alone", new StackedRows(model, loops)::assertAsAlone));
      var kept = new KeptStates(model, loops, file.resolveSibling("loop.state"));
      tests.add(DynamicTest.dynamicTest("forks and files go on", kept::assertGoneOnFrom));
    }
    return DynamicContainer.dynamicContainer(folder.name(), tests.stream().onClose(model::close));
  }
}
