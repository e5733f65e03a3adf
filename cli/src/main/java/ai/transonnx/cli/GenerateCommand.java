package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.golden.StoredTensors;
import ai.transonnx.runtime.FullWindow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.text.ByteDecoder;
import ai.transonnx.runtime.text.ByteText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongConsumer;
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
  private static final String SOURCE = "src";

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

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--stop",
      split = ",",
      paramLabel = "N",
      description = "Tokens that end the generation.")
  private List<Long> stop = List.of();

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "The source of an encoder-decoder: text with --prompt, comma-separated tokens with"
              + " --tokens.")
  private @Nullable String source;

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description =
          "What else the model takes, such as a context: a file of tensors by the inputs' names"
              + " (safetensors, npz).")
  private @Nullable Path inputs;

  @Option(
      names = "--window",
      paramLabel = "recompute|keep",
      description =
          "When the model has seen as many tokens as it was made for: compute the last of them anew"
              + " with each token, as the library does, or go on with what is kept, which is fast"
              + " and differs (default: recompute).")
  private String window = "recompute";

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    var selection = sampling.selection();
    var fullWindow = fullWindow();
    try (var loaded = OnnxModel.load(model, device.modelOptions())) {
      checkKind(loaded);
      var options =
          GenerationOptions.builder(length)
              .selection(selection)
              .stopTokens(Set.copyOf(stop))
              .fullWindow(fullWindow);
      if (prompt.text != null) {
        continueText(loaded, prompt.text, options);
      } else {
        var tokens = Objects.requireNonNull(prompt.tokens);
        var given = tokens.stream().mapToLong(Long::longValue).toArray();
        var others = others(loaded, text -> tokens(text));
        var generated = generate(loaded, given, others, options.listener(listener(token -> {})));
        out()
            .println(
                Arrays.stream(generated).mapToObj(Long::toString).collect(Collectors.joining(",")));
      }
    }
    return ExitCode.DONE;
  }

  private FullWindow fullWindow() {
    return switch (window) {
      case "recompute" -> FullWindow.RECOMPUTE;
      case "keep" -> FullWindow.KEEP;
      default ->
          throw new InputException(
              "--window is '%s'; it must be recompute or keep".formatted(window));
    };
  }

  private void checkKind(OnnxModel loaded) {
    var signature = loaded.signature();
    if (signature.input("x").isPresent() && signature.output("out").isPresent()) {
      throw new InputException(
          "%s: it continues vectors, not tokens; in Java, VectorGenerator does".formatted(model));
    }
  }

  private static long[] generate(
      OnnxModel loaded,
      long[] tokens,
      Map<String, Tensor> others,
      GenerationOptions.Builder options) {
    return new Generator(loaded).generate(new long[][] {tokens}, others, options.build()).tokens(0);
  }

  /** What the model takes besides tokens and state. */
  private Map<String, Tensor> others(OnnxModel loaded, Function<String, long[]> encode) {
    var given = new HashMap<String, Tensor>();
    if (inputs != null) {
      try (var stored = StoredTensors.open(inputs)) {
        stored.names().forEach(name -> given.put(name, stored.tensor(name)));
      }
    }
    if (source != null) {
      if (loaded.signature().input(SOURCE).isEmpty()) {
        throw new InputException("%s: it takes no source; leave out --source".formatted(model));
      }
      var tokens = encode.apply(source);
      given.put(SOURCE, Tensor.ofLongs(tokens, 1, tokens.length));
    } else if (loaded.signature().input(SOURCE).isPresent() && !given.containsKey(SOURCE)) {
      throw new InputException("%s: it needs a source; give --source".formatted(model));
    }
    return given;
  }

  private static long[] tokens(String text) {
    try {
      return Arrays.stream(text.split(","))
          .mapToLong(part -> Long.parseLong(part.strip()))
          .toArray();
    } catch (NumberFormatException e) {
      throw new InputException(
          "--source is '%s'; with --tokens it must be tokens, comma separated".formatted(text), e);
    }
  }

  private TokenListener listener(LongConsumer accepted) {
    return new TokenListener() {
      @Override
      public void onToken(int row, long token) {
        accepted.accept(token);
      }

      @Override
      public void onRecomputing(String reason) {
        var err = spec.commandLine().getErr();
        err.println(
            "transonnx: note: %s: each token computes all that the model sees anew: %s"
                .formatted(model, reason));
        err.flush();
      }
    };
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
    var bytes = new ByteText(vocabulary);
    var tokens = bytes.encode(text);
    var others = others(loaded, bytes::encode);
    out().print(text);
    out().flush();
    var decoder = new ByteDecoder();
    var listener =
        listener(
            token -> {
              out().print(decoder.accept(token));
              out().flush();
            });
    generate(loaded, tokens, others, options.listener(listener));
    out().println(decoder.finish());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
