package ai.transonnx.cli;

import ai.transonnx.internal.config.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx score}. */
@Command(
    name = "score",
    description =
        "Score texts or tokens with an exported language model (LLM): the logarithm of the"
            + " probability of each token after those before it, and the perplexity.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @ArgGroup(multiplicity = "1")
  private ScoredTokens source = new ScoredTokens();

  @Mixin private TokenizerOptions tokenizers = new TokenizerOptions();

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "The positions of a window, which starts without a past; longer sequences are cut, and"
              + " each token after the first is scored once (default: the model's max_length, at"
              + " most "
              + WindowScorer.DEFAULT_CONTEXT
              + ").")
  private @Nullable Integer context;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @Mixin private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() {
    return timeout.limit(spec, this::execute);
  }

  private int execute() {
    json.file().ifPresent(file -> ReportFiles.check(file, model));
    source.check(tokenizers);
    var tokensOf = source.read(tokenizers);
    try (var loaded = GivenModel.load(model, device.modelOptions());
        var progress = quiet.progress("score")) {
      var scorer = WindowScorer.of(loaded, context);
      var sequences = tokensOf.apply(loaded);
      scorer.check(sequences);
      var scores = new ArrayList<SequenceScore>();
      for (int i = 0; i < sequences.size(); i++) {
        scores.add(scorer.score(sequences.get(i).tokens()));
        progress.update(i + 1L, sequences.size());
      }
      var report = new ScoreReport(model.toString(), scorer.context(), scores);
      json.write(spec, () -> Json.indented(report.json()));
      if (!json.isPrinted()) {
        report.lines().forEach(spec.commandLine().getOut()::println);
      }
    }
    return ExitCode.SUCCESS;
  }
}
