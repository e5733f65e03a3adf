package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code package} writes a directory for DJL Serving, or explains why it does not. */
class PackageCommandTest extends ExportedCases {
  private static final Path CASE = CASES.resolve("base");

  private CommandRun packaged(Path model, String... options) {
    var words = new ArrayList<Object>(List.of("package", model, folder.resolve("served")));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void aDirectoryIsWrittenWithItsEntries() throws IOException {
    var model = exported(CASE, "--incremental", "--opset", "21");
    var run =
        packaged(model, "--for", "djl-serving", "--set", "length=9", "--set", "temperature=0.5");
    run.assertDone();
    assertTrue(run.out().contains("djl-serving -m file:"), run.out());
    assertEquals(
        """
        engine=OnnxRuntime
        length=9
        option.modelName=model
        task=generation
        temperature=0.5
        translator=ai.transonnx.djl.serving.PackagedTranslator
        """,
        Files.readString(folder.resolve("served/serving.properties")));
    assertTrue(Files.size(folder.resolve("served/libs/transonnx.jar")) > 1_000_000);
    packaged(model, "--for", "djl-serving").assertRefused("is not empty", "--force");
    packaged(model, "--for", "djl-serving", "--force", "--task", "score").assertDone();
    assertTrue(
        Files.readString(folder.resolve("served/serving.properties")).contains("task=score"));
  }

  @Test
  void whatCannotBeServedIsRefused() {
    var model = exported(CASE, "--incremental");
    packaged(model, "--for", "djl-serving").assertRefused("opset 23", "--opset 22");
    packaged(model, "--for", "triton").assertRefused("--for is 'triton'; it must be djl-serving");
    packaged(model).assertRefused("--for");
    packaged(model, "--for", "djl-serving", "--max-opset", "23", "--task", "chat")
        .assertRefused("task is 'chat'", "generation, score");
    packaged(model, "--for", "djl-serving", "--max-opset", "23", "--set", "topk=3")
        .assertRefused("unknown argument 'topk'; did you mean 'topK'?");
    packaged(folder.resolve("none.onnx"), "--for", "djl-serving").assertRefused("no such file");
    assertTrue(Files.notExists(folder.resolve("served")));
  }
}
