package ai.transonnx.cli;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Export;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Origin;
import ai.transonnx.export.Weights;
import ai.transonnx.golden.CaseFolder;
import ai.transonnx.golden.CaseReport;
import ai.transonnx.golden.Step;
import ai.transonnx.golden.CaseChecks;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.text.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code transonnx demo}. */
@Command(
    name = "demo",
    description = "Export, verify and run the trained model that comes with this program.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final List<String> FILES =
      List.of("case.json", "weights.safetensors", "io.safetensors");
  private static final String PROMPT = "And the LORD said unto ";
  private static final int LENGTH = 400;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    return 0;
  }
}
