package ai.transonnx.server;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import java.net.URI;

/**
 * Serves a model over HTTP, with OpenAI's protocol: {@code /v1/models}; {@code /v1/completions},
 * streamed or whole, of a model that continues texts; {@code /v1/embeddings} of one with
 * embeddings; and {@code /health}, {@code /metrics} for Prometheus, and a page to try the model.
 * Requests share decode steps ({@link ai.transonnx.runtime.serving.GenerationScheduler}) and calls
 * ({@link ai.transonnx.runtime.embedding.EmbeddingScheduler}).
 *
 * <pre>{@code
 * try (var model = OnnxModel.load(Path.of("model.onnx"));
 *     var tokenizer = Tokenizers.of(model);
 *     var server = InferenceServer.start(model, tokenizer, ServerOptions.defaults())) {
 *   System.out.println(server.uri()); // http://127.0.0.1:8080
 *   Thread.currentThread().join();
 * }
 * }</pre>
 */
public final class InferenceServer implements AutoCloseable {
  private final HttpService service;
  private final String host;

  private InferenceServer(HttpService service, String host) {
    this.service = service;
    this.host = host;
  }

  /**
   * Starts a server. The model and the tokenizer stay open, and must not be closed before it.
   *
   * @throws ai.transonnx.runtime.ModelException if the model neither continues tokens nor has
   *     embeddings of them
   * @throws ai.transonnx.runtime.RequestException if the address cannot be listened on, or an
   *     option does not concern the model
   */
  public static InferenceServer start(OnnxModel model, Tokenizer tokenizer, ServerOptions options) {
    String name = options.modelName().orElseGet(() -> nameOf(model));
    return new InferenceServer(new HttpService(model, name, tokenizer, options), options.host());
  }

  private static String nameOf(OnnxModel model) {
    return model.file().getFileName().toString().replaceFirst("\\.onnx$", "");
  }

  /** The address of the server, such as {@code http://127.0.0.1:8080}. */
  public URI uri() {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://%s:%s".formatted(literal, service.port()));
  }

  /**
   * Refuses later requests with status 503, waits until open ones have ended, at most {@link
   * ServerLimits#stopTimeout}, and ends the others. A second close has no effect.
   */
  @Override
  public void close() {
    service.close();
  }
}
