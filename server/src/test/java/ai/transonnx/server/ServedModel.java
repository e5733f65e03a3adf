package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A model behind a server: by default, a trained one of bytes that continues texts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServedModel {
  static final String PROMPT = "And the LORD said";
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Path GOLDEN = Path.of("../golden-tests");

  private final ServerOptions options;
  private final HttpClient client = HttpClient.newHttpClient();
  OnnxModel model;
  Tokenizer tokenizer;
  InferenceServer server;

  ServedModel(ServerOptions.Builder options) {
    this.options = options.port(0).build();
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    model = OnnxModel.load(export(folder));
    tokenizer = tokenizer();
    server = InferenceServer.start(model, tokenizer, options);
  }

  /** Exports the model; the name of the file is that of the model. */
  Path export(Path folder) {
    return export(
        "trained/x-transformers/bible",
        GraphRequest.builder().incremental(true),
        folder.resolve("bible.onnx"));
  }

  static Path export(String golden, GraphRequest.Builder request, Path file) {
    CaseFolder.read(GOLDEN.resolve(golden)).export(request.build(), file);
    return file;
  }

  Tokenizer tokenizer() {
    return Tokenizers.of(model);
  }

  @AfterAll
  void stop() {
    server.close();
    tokenizer.close();
    model.close();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return post("/v1/completions", body);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(send(request(path).GET()).body());
  }

  /** The response to a completion, which has status 200. */
  JsonNode complete(String body) throws IOException, InterruptedException {
    var response = post(body);
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  /** What the model generates for {@link #PROMPT} by itself. */
  Generation generated(GenerationOptions options) {
    return Generator.of(model)
        .generate(GenerationRequest.builder(tokenizer, List.of(PROMPT), options).build());
  }
}
