package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.text.ByteDecoder;
import ai.transonnx.runtime.text.ByteText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
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
  /** Text or tokens. */
  static final class Prompt {
    @Option(
        names = "--prompt",
        required = true,
        paramLabel = "TEXT",
        description =
            "The text to continue, for models whose tokens are bytes. Prints the text and its"
                + " continuation.")
    @Nullable String text;

    @Option(
        names = "--tokens",
        required = true,
        converter = TokenList.Converter.class,
        paramLabel = "N[,N...]",
        description =
            "The tokens to continue, comma-separated. Prints the new tokens in the same form.")
    @Nullable List<TokenList> tokens;

    /**
     * The only list of tokens.
     *
     * @throws InputException if there are several, since nobody can tell which one is meant
     */
    static TokenList only(List<TokenList> lists) {
      if (lists.size() > 1) {
        throw new InputException(
            "--tokens is given %s times; give one list, such as 1,2,3".formatted(lists.size()));
      }
      return lists.get(0);
    }
  }

  private final boolean isTerminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @ArgGroup(multiplicity = "1")
  private Prompt prompt = new Prompt();

  @Option(
      names = "--length",
      required = true,
      paramLabel = "N",
      description = "The maximum number of new tokens.")
  private int length;

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--stop",
      split = ",",
      paramLabel = "N",
      description =
          "Tokens that end the generation, comma-separated. Those in the prompt do not end it.")
  private List<Long> stop = List.of();

  @Mixin private AdditionalInputs additional = new AdditionalInputs();

  @Mixin private ContextOverflowOption overflow = new ContextOverflowOption();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

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
    var options =
        GenerationOptions.builder(length)
            .selector(sampling.selector())
            .stopTokens(Set.copyOf(stop))
            .contextOverflow(overflow.contextOverflow())
            .build();
    try (var loaded = OnnxModel.load(model, device.modelOptions())) {
      checkKind(loaded);
      var generation =
          prompt.text != null
              ? continueText(loaded, prompt.text, options)
              : continueTokens(loaded, Prompt.only(Objects.requireNonNull(prompt.tokens)), options);
      if (options.selector().seed().isEmpty()) {
        generation.seed().ifPresent(this::noteSeed);
      }
    }
    return ExitCode.SUCCESS;
  }

  private void checkKind(OnnxModel loaded) {
    var signature = loaded.signature();
    if (signature.input("x").isPresent() && signature.output("out").isPresent()) {
      throw new InputException(
          "%s: continues vectors, not tokens; use VectorGenerator in Java".formatted(model));
    }
  }

  private Generation continueTokens(OnnxModel loaded, TokenList given, GenerationOptions options) {
    var tokens = given.toArray();
    var inputs = additional.of(loaded, AdditionalInputs::tokens);
    var isNoted = new AtomicBoolean();
    TokenListener listener =
        (row, token) -> {
          if (isNoted.compareAndSet(false, true)) {
            note(loaded, tokens);
          }
        };
    var generation = generate(loaded, tokens, inputs, options, listener);
    out()
        .println(
            Arrays.stream(generation.tokens(0))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",")));
    return generation;
  }

  private Generation continueText(OnnxModel loaded, String text, GenerationOptions options) {
    int vocabulary =
        loaded
            .inputVocabulary()
            .count()
            .orElseThrow(() -> new InputException(model + ": its metadata has no vocabulary size"));
    if (vocabulary > 256) {
      throw new InputException(
          "%s: its %s tokens are not bytes; pass the prompt with --tokens"
              .formatted(model, vocabulary));
    }
    var bytes = new ByteText(vocabulary);
    var tokens = bytes.encode(text);
    var inputs = additional.of(loaded, bytes::encode);
    note(loaded, tokens);
    print(text);
    var decoder = new ByteDecoder();
    TokenListener listener = (row, token) -> print(decoder.accept(token));
    var generation = generate(loaded, tokens, inputs, options, listener);
    print(decoder.finish());
    out().println();
    return generation;
  }

  /** Prints text that a model may have generated. */
  private void print(String text) {
    out().print(isTerminal ? Terminal.printable(text) : text);
    out().flush();
  }

  private static Generation generate(
      OnnxModel loaded,
      long[] tokens,
      Map<String, Tensor> inputs,
      GenerationOptions options,
      TokenListener listener) {
    return Generator.of(loaded)
        .generate(
            GenerationRequest.builder(new long[][] {tokens}, options)
                .inputs(inputs)
                .listener(listener)
                .build());
  }

  /** Prints a note if generation is slow, or its tokens differ from the library's. */
  private void note(OnnxModel loaded, long... tokens) {
    overflow
        .note(loaded, (long) tokens.length + length - 1)
        .ifPresent(text -> Failures.note(spec.commandLine(), text));
  }

  /** Prints the seed that was drawn at random, so that the generation can be repeated. */
  private void noteSeed(long seed) {
    out().flush();
    Failures.note(spec.commandLine(), "--seed %s generates the same tokens again".formatted(seed));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
