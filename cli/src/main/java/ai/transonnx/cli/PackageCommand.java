package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.djl.serving.ServedTask;
import ai.transonnx.djl.serving.ServingPackage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx package}. */
@Command(
    name = "package",
    description = "Write a directory that a server of other people loads as a model.",
    mixinStandardHelpOptions = true)
final class PackageCommand implements Callable<Integer> {
  private static final String DJL_SERVING = "djl-serving";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The directory to write; it must not exist or be empty.")
  private Path directory = Path.of("");

  @Option(
      names = "--for",
      required = true,
      paramLabel = DJL_SERVING,
      description = "The server: " + DJL_SERVING + ".")
  private String server = "";

  @Option(
      names = "--task",
      paramLabel = "T",
      description =
          "generation, score, embedding or classification (default: generation or classification"
              + " if the model has logits, else embedding).")
  private @Nullable String task;

  @Option(
      names = "--tokenizer",
      paramLabel = "tokenizer.json",
      description =
          "A tokenizer.json of Hugging Face from a source that you trust (default: the tokenizer"
              + " that was exported with the model; without one, tokens are bytes).")
  private @Nullable Path tokenizer;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "An entry of serving.properties, such as length=200 or stop=2. May be repeated;"
              + " docs/djl-serving.md lists them.")
  private Map<String, String> entries = new LinkedHashMap<>();

  @Option(
      names = "--max-opset",
      paramLabel = "N",
      description =
          "The newest opset that the server's ONNX Runtime runs (default: ${DEFAULT-VALUE}, that of"
              + " the ONNX Runtime of DJL 0.38).")
  private int maxOpset = ServingPackage.DEFAULT_MAX_OPSET;

  @Option(names = "--force", description = "Replace the directory of an earlier package.")
  private boolean force;

  @Override
  public Integer call() {
    if (!server.equals(DJL_SERVING)) {
      throw new InputException("--for is '%s'; it must be %s".formatted(server, DJL_SERVING));
    }
    var builder = ServingPackage.builder(model).maxOpset(maxOpset);
    entries.forEach(builder::argument);
    if (task != null) {
      builder.task(ServedTask.of(task));
    }
    if (tokenizer != null) {
      builder.argument("tokenizer", tokenizer.toString());
    }
    if (force) {
      builder.replaceEarlier();
    }
    builder.build().write(directory);
    var out = spec.commandLine().getOut();
    out.println("Wrote %s. DJL Serving loads it with:".formatted(directory));
    out.println("  djl-serving -m %s".formatted(directory.toAbsolutePath().normalize().toUri()));
    return ExitCode.SUCCESS;
  }
}
