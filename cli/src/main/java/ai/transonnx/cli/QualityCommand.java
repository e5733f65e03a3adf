package ai.transonnx.cli;

import ai.transonnx.runtime.quality.ModelComparison;
import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.verification.report.QualityJson;
import ai.transonnx.verification.report.QualityResult;
import ai.transonnx.verification.report.page.QualityPage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx quality}. */
@Command(
    name = "quality",
    description = {
      "Compare the predictions of a model, such as a quantized one, with those of a reference:"
          + " perplexities, Kullback-Leibler divergence, and equal most likely tokens.",
      "Exit code 1 if --gate does not hold."
    },
    mixinStandardHelpOptions = true)
final class QualityCommand implements Callable<Integer> {
  /** The source of the tokens. */
  static final class Tokens {
    @Option(
        names = "--text",
        required = true,
        paramLabel = "FILE",
        description = "Compare over a text in UTF-8, which the tokenizer encodes.")
    private @Nullable Path text;

    @Option(
        names = "--tokens",
        required = true,
        paramLabel = "FILE",
        description =
            "Compare over tokens: each line is a sequence of numbers, with commas or spaces between"
                + " them.")
    private @Nullable Path tokens;

    @Option(
        names = "--case",
        required = true,
        paramLabel = "DIR",
        description =
            "Compare over the tokens that a golden case has recorded: those of its losses, or else"
                + " of all steps.")
    private @Nullable Path caseFolder;

    private ComparedTokens source() {
      return new ComparedTokens(text, tokens, caseFolder);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "MODEL.onnx",
      description = "The candidate: a model from tokens to logits, incremental or not.")
  private Path model = Path.of("");

  @Option(
      names = "--against",
      required = true,
      paramLabel = "REFERENCE.onnx",
      description = "The reference: a model of the same vocabulary.")
  private Path reference = Path.of("");

  @ArgGroup(multiplicity = "1")
  private Tokens tokens = new Tokens();

  @Mixin private EvaluationOptions options = new EvaluationOptions();

  @Option(
      names = "--gate",
      paramLabel = "LIMITS",
      converter = QualityGateConverter.class,
      description =
          "Limits that must hold, such as kld=0.01,perplexity=1.01,top1=0.95: the largest kld,"
              + " kld-median, kld-p99, kld-max (divergences) and perplexity (the ratio), and the"
              + " smallest top1 (the share of equal first tokens).")
  private @Nullable QualityGate gate;

  @Option(
      names = "--plot",
      paramLabel = "FILE.html",
      description =
          "Write a page: the distribution of the divergence, and the divergence by position.")
  private @Nullable Path plot;

  @Override
  public Integer call() {
    return options.limit(spec, this::execute);
  }

  private int execute() {
    var json = options.json();
    Stream.concat(json.file().stream(), Stream.ofNullable(plot))
        .forEach(file -> ReportFiles.check(file, model, reference));
    var source = tokens.source();
    if (!source.needsTokenizer()) {
      options.tokenizers().checkUnused("only --text needs a tokenizer");
    }
    var report = compare(source);
    var result = gate == null ? QualityResult.of(report) : QualityResult.of(report, gate);
    json.write(spec, () -> QualityJson.text(result));
    if (plot != null) {
      QualityPage.write(result, plot);
    }
    if (!json.isPrinted()) {
      spec.commandLine().getOut().println(result.summary());
    }
    return result.passed() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private QualityReport compare(ComparedTokens source) {
    var tokenizers = options.tokenizers();
    var tokensOf = source.read(tokenizers::open, tokenizers::encode);
    try (var candidate = GivenModel.load(model, options.modelOptions());
        var expected = GivenModel.load(reference, options.modelOptions());
        var progress = options.progress("quality")) {
      var sequences = tokensOf.apply(candidate);
      long total = Stream.of(sequences).mapToLong(sequence -> sequence.length).sum();
      var comparison =
          ModelComparison.builder(candidate, expected)
              .progress(done -> progress.update(done, total));
      options.context().ifPresent(comparison::context);
      return comparison.build().compare(sequences);
    }
  }
}
