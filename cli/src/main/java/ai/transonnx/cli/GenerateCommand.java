package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.Selection;
import ai.transonnx.runtime.text.ByteDecoder;
import ai.transonnx.runtime.text.ByteText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
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
    description = "Continue a prompt with an exported model.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  /** Text or tokens. */
  static final class Prompt {
    @Option(
        names = "--prompt",
        required = true,
        paramLabel = "TEXT",
        description = "Text to continue, for models whose tokens are bytes; prints it and text.")
    @Nullable String text;

    @Option(
        names = "--tokens",
        required = true,
        split = ",",
        paramLabel = "N",
        description = "Tokens to continue, comma separated; prints the new tokens alike.")
    @Nullable List<Long> tokens;
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @ArgGroup(multiplicity = "1")
  private Prompt prompt = new Prompt();

  @Option(
      names = "--length",
      required = true,
      paramLabel = "N",
      description = "How many tokens to generate at most.")
  private int length;

  @Option(names = "--greedy", description = "Always take the likeliest token.")
  private boolean greedy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Below 1 the likely tokens become likelier (default: 1).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Draw from the K likeliest tokens; with a fraction such as 0.9, from all but this share"
              + " of the vocabulary, rounded as the model's library does (default: 0.9).")
  private @Nullable String topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens that hold 1 - P of the probability.")
  private @Nullable Double topP;

  @Option(
      names = "--top-a",
      split = ",",
      arity = "1",
      paramLabel = "POWER,RATIO",
      description =
          "Draw from the tokens of at least RATIO * (highest probability ^ POWER);"
              + " the libraries use 2.0,0.02.")
  private @Nullable List<Double> topA;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed draws the same tokens (default: another each time).")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      split = ",",
      paramLabel = "N",
      description = "Tokens that end the generation.")
  private List<Long> stop = List.of();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    var selection = selection();
    try (var loaded = OnnxModel.load(model, device.modelOptions())) {
      var options =
          GenerationOptions.builder(length).selection(selection).stopTokens(Set.copyOf(stop));
      if (prompt.text != null) {
        continueText(loaded, prompt.text, options);
      } else {
        var tokens = Objects.requireNonNull(prompt.tokens);
        var given = tokens.stream().mapToLong(Long::longValue).toArray();
        var generated = new Generator(loaded).generate(given, options.build()).tokens(0);
        out()
            .println(
                Arrays.stream(generated).mapToObj(Long::toString).collect(Collectors.joining(",")));
      }
    }
    return ExitCode.DONE;
  }

  private void continueText(OnnxModel loaded, String text, GenerationOptions.Builder options) {
    int vocabulary =
        loaded
            .vocabulary()
            .orElseThrow(
                () -> new InputException(model + ": it gives no 'logits' of a fixed vocabulary"));
    if (vocabulary > 256) {
      throw new InputException(
          "%s: its %d tokens are not bytes; give the prompt with --tokens"
              .formatted(model, vocabulary));
    }
    var tokens = new ByteText(vocabulary).encode(text);
    out().print(text);
    out().flush();
    var decoder = new ByteDecoder();
    TokenListener listener =
        (row, token) -> {
          out().print(decoder.accept(token));
          out().flush();
        };
    new Generator(loaded).generate(tokens, options.listener(listener).build());
    out().println(decoder.finish());
  }

  private Selection selection() {
    if (greedy) {
      if (temperature != null || topK != null || topP != null || topA != null || seed != null) {
        throw new InputException(
            "--greedy draws nothing; leave out --temperature, --top-k, --top-p, --top-a, --seed");
      }
      return new Greedy();
    }
    var sampling = Sampling.builder();
    if (temperature != null) {
      sampling.temperature(temperature);
    }
    if (topK != null) {
      topK(sampling, topK);
    }
    if (topP != null) {
      sampling.topP(topP);
    }
    if (topA != null) {
      if (topA.size() != 2) {
        throw new InputException("--top-a takes two numbers, POWER,RATIO, such as 2.0,0.02");
      }
      sampling.topA(topA.get(0), topA.get(1));
    }
    if (seed != null) {
      sampling.seed(seed);
    }
    return sampling.build();
  }

  private static void topK(Sampling.Builder sampling, String value) {
    try {
      if (value.contains(".")) {
        sampling.topKThreshold(Double.parseDouble(value));
      } else {
        sampling.topK(Integer.parseInt(value));
      }
    } catch (NumberFormatException e) {
      throw new InputException(
          "--top-k is '%s'; it must be a whole number, or a fraction such as 0.9".formatted(value),
          e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
