package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.embedding.Pooling;
import ai.transonnx.server.InferenceServer;
import ai.transonnx.server.ServerLimits;
import ai.transonnx.server.ServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx serve}. */
@Command(
    name = "serve",
    description =
        "Serve an exported language model (LLM) or encoder over HTTP, with OpenAI's protocol.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final int MAX_KEY_BYTES = 4096;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "An exported model.")
  private Path model = Path.of("");

  @Mixin private TokenizerOptions tokenizers = new TokenizerOptions();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Option(
      names = "--host",
      paramLabel = "H",
      description =
          "The address to listen on; 0.0.0.0 for all networks, which needs --api-key-file (default:"
              + " ${DEFAULT-VALUE}).")
  private String host = ServerOptions.defaults().host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port to listen on; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = ServerOptions.defaults().port();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file with the key that requests must have (default: no key is needed).")
  private @Nullable Path keyFile;

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description =
          "The origin of web pages that may call the server, such as https://example.org, or * for"
              + " all (default: only its own page).")
  private @Nullable String origin;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      description = "The model's name in requests and responses (default: that of the file).")
  private @Nullable String name;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description =
          "The maximum number of texts that are computed at once (default: ${DEFAULT-VALUE}).")
  private int maxRows = ServerLimits.defaults().maxRows();

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      description =
          "The maximum number of further texts, which wait; more are refused with status 429"
              + " (default: ${DEFAULT-VALUE}).")
  private int maxWaiting = ServerLimits.defaults().maxWaiting();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "The maximum number of new tokens that a request may ask for (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxTokens = ServerLimits.defaults().maxTokens();

  @Option(
      names = "--max-inputs",
      paramLabel = "N",
      description =
          "The maximum number of texts of a request for embeddings (default: ${DEFAULT-VALUE}).")
  private int maxInputs = ServerLimits.defaults().maxInputs();

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "The maximum size of a request's body (default: ${DEFAULT-VALUE}).")
  private int maxBody = ServerLimits.defaults().maxBodyBytes();

  @Option(
      names = "--timeout",
      paramLabel = "T",
      converter = TimeoutOption.DurationConverter.class,
      description = "The maximum duration of a request, such as 90s (default: 5m).")
  private Duration timeout = ServerLimits.defaults().timeout();

  @Option(
      names = "--pooling",
      paramLabel = "P",
      description =
          "How embeddings of positions become that of a text: mean, first or last (default: mean,"
              + " unless the model itself computes one vector for each text).")
  private @Nullable Pooling pooling;

  @Option(
      names = "--normalize",
      description = "Divide each embedding by its length, so that dot products are cosines.")
  private boolean normalizes;

  @Option(
      names = "--log-requests",
      description =
          "Write a line for each request to standard error: time, address, method, path, status,"
              + " duration.")
  private boolean logsRequests;

  @Mixin private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() throws InterruptedException {
    var options = options();
    if (logsRequests) {
      RequestLines.enable();
    }
    try (var loaded = GivenModel.load(model, device.modelOptions());
        var tokenizer = tokenizers.open(loaded);
        var server = InferenceServer.start(loaded, tokenizer, options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop the server"));
      if (!quiet.isSet()) {
        var out = spec.commandLine().getOut();
        out.println("Serving %s at %s".formatted(loaded.file(), server.uri()));
        out.flush();
      }
      new CountDownLatch(1).await(); // until a signal ends the process
    }
    return ExitCode.SUCCESS;
  }

  private ServerOptions options() {
    var options =
        ServerOptions.builder()
            .host(host)
            .port(port)
            .limits(
                ServerLimits.builder()
                    .maxRows(maxRows)
                    .maxWaiting(maxWaiting)
                    .maxTokens(maxTokens)
                    .maxInputs(maxInputs)
                    .maxBodyBytes(maxBody)
                    .timeout(timeout)
                    .build());
    if (tokenizers.addsSpecialTokens()) {
      options.addSpecialTokens();
    }
    if (pooling != null) {
      options.pooling(pooling);
    }
    if (normalizes) {
      options.normalizeEmbeddings();
    }
    if (logsRequests) {
      options.logRequests();
    }
    if (name != null) {
      options.modelName(name);
    }
    if (origin != null) {
      options.allowedOrigin(origin);
    }
    if (keyFile != null) {
      options.apiKey(key(keyFile));
    } else if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("::1")) {
      throw new InputException(
          "--host %s lets other machines call the server; name the file of a key (--api-key-file)"
              .formatted(host));
    }
    return options.build();
  }

  private static String key(Path file) {
    try (var stream = PlainFile.stream(file)) {
      var bytes = stream.readNBytes(MAX_KEY_BYTES + 1);
      if (bytes.length > MAX_KEY_BYTES) {
        throw new InputException("%s: is larger than a key".formatted(file));
      }
      String key = new String(bytes, StandardCharsets.UTF_8).strip();
      if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw new InputException(
            "%s: is not a key, one line of ASCII without spaces".formatted(file));
      }
      return key;
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be read as a key: %s".formatted(file, FileErrors.unreadable(e)), e);
    }
  }
}
