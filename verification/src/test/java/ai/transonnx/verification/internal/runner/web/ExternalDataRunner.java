package ai.transonnx.verification.internal.runner.web;

import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerFingerprint;
import java.nio.file.Path;

/**
 * Loads each model with its weights in another file.
 *
 * @param folder an empty folder for both files
 */
record ExternalDataRunner(ModelRunner runner, Path folder) implements ModelRunner {
  @Override
  public String name() {
    return runner.name();
  }

  @Override
  public RunnerFingerprint fingerprint() {
    return runner.fingerprint();
  }

  @Override
  public LoadedModel load(Path model) {
    var file = ModelFile.read(model);
    var divided = file.write(file.proto(), folder, "divided");
    assertFalse(ModelFile.read(divided).externalFiles().isEmpty());
    return runner.load(divided);
  }

  @Override
  public void close() {
    runner.close();
  }
}
