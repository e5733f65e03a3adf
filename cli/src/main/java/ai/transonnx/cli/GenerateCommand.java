package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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

/** {@code transonnx generate}. */
@Command(
    name = "generate",
    description = "Continue a prompt with an exported language model (LLM).",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  private final boolean isTerminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @ArgGroup(multiplicity = "1")
  private PromptOptions prompt = new PromptOptions();

  @Option(
      names = "--length",
      required = true,
      paramLabel = "N",
      description = "The maximum number of new tokens.")
  private int length;

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Mixin private ContrastiveOptions contrastive = new ContrastiveOptions();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Continue up to N lines of --prompts side by side, if they follow each other and have the"
              + " same options (default: 1).")
  private @Nullable Integer batch;

  @Mixin private StopOptions stop = new StopOptions();

  @Mixin private TokenizerOptions tokenizers = new TokenizerOptions();

  @Mixin private AdditionalInputs additional = new AdditionalInputs();

  @Mixin private ContextOverflowOption overflow = new ContextOverflowOption();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @Mixin private QuietOption quiet = new QuietOption();

  GenerateCommand() {
    this(Terminal.isStandardOutput());
  }

  /**
   * A generation.
   *
   * @param isTerminal whether control characters must not be printed
   */
  GenerateCommand(boolean isTerminal) {
    this.isTerminal = isTerminal;
  }

  @Override
  public Integer call() {
    return timeout.limit(spec, this::execute);
  }

  private int execute() {
    checkOptions();
    var selector = sampling.selector();
    var seeded = selector.seeded();
    var text = prompt.text();
    try (var loaded = GivenModel.load(model, device.modelOptions());
        var amateur = contrastive.load(device.modelOptions())) {
      checkKind(loaded);
      amateur.model().ifPresent(this::checkKind);
      var models = new Models(loaded, amateur);
      if (prompt.file != null) {
        continueFile(models, prompt.file, seeded);
      } else if (text.isPresent()) {
        continueText(models, text.get(), seeded);
      } else {
        continueTokens(models, Objects.requireNonNull(prompt.tokens), seeded);
      }
      if (selector.seed().isEmpty()) {
        seeded.seed().ifPresent(this::noteSeed);
      }
    }
    return ExitCode.SUCCESS;
  }

  /** The loaded models of a command. */
  private record Models(OnnxModel expert, ContrastiveOptions.Loaded amateur) {
    Stream<OnnxModel> all() {
      return Stream.concat(Stream.of(expert), amateur.model().stream());
    }
  }

  private void checkOptions() {
    if (batch != null && batch < 1) {
      throw new InputException("--batch is %s; it must be 1 or more".formatted(batch));
    }
    if (batch != null && prompt.file == null) {
      throw new InputException("--batch needs --prompts, whose lines it continues side by side");
    }
    if (prompt.tokens != null) {
      tokenizers.checkUnused("--tokens needs no tokenizer");
    }
  }

  private GenerationOptions.Builder options(TokenSelector selector) {
    var options =
        GenerationOptions.builder(length)
            .selector(selector)
            .contextOverflow(overflow.contextOverflow());
    sampling.addBeams(options);
    return options;
  }

  private void checkKind(OnnxModel loaded) {
    var signature = loaded.signature();
    if (signature.input("x").isPresent() && signature.output("out").isPresent()) {
      throw new InputException(
          "%s: continues vectors, not tokens; use VectorGenerator in Java"
              .formatted(loaded.file()));
    }
    if (loaded.metadata().numberToken().isPresent() && prompt.tokens == null) {
      throw new InputException(
          "%s: its token %s stands for numbers, which texts do not have; use --tokens"
              .formatted(loaded.file(), loaded.metadata().numberToken().getAsInt()));
    }
  }

  private void continueTokens(Models models, List<NumberedTokens> given, TokenSelector selector) {
    var source = additional.source().map(AdditionalInputs::tokens);
    var options = options(selector).stopTokens(stop.allTokens()).build();
    var prompts = new TokenPrompts(given, this::printLine, length -> note(models, length));
    var request =
        prompts.request(options).inputs(additional.of(models.expert, source, given.size()));
    prompts.print(
        models.amateur.addTo(request).build(),
        Generator.of(models.expert)::generate,
        models.expert.metadata().numberToken().isPresent());
  }

  private void continueText(Models models, String text, TokenSelector selector) {
    var options = options(selector).stopTexts(stop.texts()).stopTokens(stop.tokens()).build();
    try (var tokenizer = tokenizers.open(models.expert)) {
      var tokens = tokenizers.encode(tokenizer, text);
      var source = additional.source().map(given -> tokenizers.encode(tokenizer, given));
      var request =
          GenerationRequest.builder(new long[][] {tokens}, options)
              .inputs(additional.of(models.expert, source, 1))
              .tokenizer(tokenizer);
      models.amateur.addTo(request);
      var generator = Generator.of(models.expert);
      if (options.beams().isPresent()) {
        var generation = generator.generate(request.build());
        note(models, tokens.length);
        generation
            .beams(0)
            .forEach(beam -> printLine("%s\t%s".formatted(beam.score(), text + beam.text())));
      } else {
        new TextPrompt(text, out(), isTerminal, () -> note(models, tokens.length))
            .print(request, generator::generate);
      }
    }
  }

  private void continueFile(Models models, Path file, TokenSelector selector) {
    var defaults =
        new LineRequests.Defaults(length, sampling, stop, overflow, additional, tokenizers);
    try (var lines = new LineReader(file);
        var requests = new LineRequests(models.expert, models.amateur, defaults, selector)) {
      models
          .all()
          .flatMap(one -> overflow.note(one, 0).stream())
          .forEach(text -> quiet.note(spec, text));
      new PromptFile(models.expert, requests, batch == null ? 1 : batch, this::printLine)
          .run(file, lines);
    }
  }

  private void printLine(String line) {
    out().println(isTerminal ? Terminal.printable(line) : line);
    out().flush();
  }

  /**
   * Prints notes if generation is slow, its tokens differ from the library's, or have no effect.
   */
  private void note(Models models, int tokens) {
    long fed = (long) tokens + length - 1;
    models
        .all()
        .flatMap(
            one ->
                Stream.concat(
                    overflow.promptNote(one, tokens).stream(), overflow.note(one, fed).stream()))
        .forEach(text -> quiet.note(spec, text));
  }

  /** Prints the seed that was drawn at random, so that the generation can be repeated. */
  private void noteSeed(long seed) {
    out().flush();
    quiet.note(spec, "--seed %s generates the same tokens again".formatted(seed));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
