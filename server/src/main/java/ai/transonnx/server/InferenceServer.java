package ai.transonnx.server;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import java.net.URI;

/**
 * Serves a language model over HTTP, with OpenAI's protocol: {@code /v1/models} and {@code
 * /v1/completions}, streamed or whole; and {@code /health}, {@code /metrics} for Prometheus, and a
 * page to try the model. All requests share decode steps ({@link
 * ai.transonnx.runtime.serving.GenerationScheduler}).
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
   * @throws ai.transonnx.runtime.ModelException if the model does not continue tokens
   * @throws ai.transonnx.runtime.RequestException if the address cannot be listened on
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
   * ServerOptions#stopTimeout}, and ends the others. A second close has no effect.
   */
  @Override
  public void close() {
    service.close();
  }
}
