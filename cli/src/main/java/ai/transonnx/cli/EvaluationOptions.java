package ai.transonnx.cli;

import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.quality.ModelComparison;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of a command that evaluates models over texts or tokens. */
final class EvaluationOptions {
  @Mixin private TokenizerOptions tokenizers = new TokenizerOptions();

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "The positions of a window, which starts without a past; longer sequences are cut, and"
              + " each token after the first is predicted once (default: the model's max_length, at"
              + " most "
              + ModelComparison.DEFAULT_CONTEXT
              + ").")
  private @Nullable Integer context;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @Mixin private QuietOption quiet = new QuietOption();

  TokenizerOptions tokenizers() {
    return tokenizers;
  }

  /** The maximum number of positions of a window; empty for the default. */
  OptionalInt context() {
    return context == null ? OptionalInt.empty() : OptionalInt.of(context);
  }

  JsonOption json() {
    return json;
  }

  ModelOptions modelOptions() {
    return device.modelOptions();
  }

  /** Runs {@code work} within the time limit and returns its exit code. */
  int limit(CommandSpec command, IntSupplier work) {
    return timeout.limit(command, work);
  }

  /** The progress of a task. */
  ProgressLine progress(String task) {
    return quiet.progress(task);
  }
}
