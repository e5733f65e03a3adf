package ai.transonnx.cli;

import ai.transonnx.internal.config.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Mixin private EvaluationOptions options = new EvaluationOptions();

  @Override
  public Integer call() {
    return options.limit(spec, this::execute);
  }

  private int execute() {
    var json = options.json();
    json.file().ifPresent(file -> ReportFiles.check(file, model));
    source.check(options.tokenizers());
    var tokensOf = source.read(options.tokenizers());
    try (var loaded = GivenModel.load(model, options.modelOptions());
        var progress = options.progress("score")) {
      var scorer = WindowScorer.of(loaded, options.context());
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
