package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.TransonnxException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.embedding.Pooling;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model is served for completions, embeddings or both, by its inputs and outputs. */
@Timeout(60)
final class ServedTasksTest extends ServedEncoder {
  @TempDir private Path folder;

  ServedTasksTest() {
    super(ServerOptions.builder());
  }

  private static ServerOptions.Builder options() {
    return ServerOptions.builder().port(0);
  }

  private JsonNode post(InferenceServer other, int status, String path, String body)
      throws Exception {
    var response =
        send(HttpRequest.newBuilder(other.uri().resolve(path)).POST(BodyPublishers.ofString(body)));
    assertEquals(status, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private float[] embedded(ServerOptions.Builder options, String text) throws Exception {
    try (var other = InferenceServer.start(model, tokenizer, options.build())) {
      return vector(post(other, 200, PATH, "{\"input\": \"%s\"}".formatted(text)), 0);
    }
  }

  @Test
  void firstOrLastPositionsAreSelected() throws Exception {
    var positions = positions("hello");
    assertArrayEquals(positions[0], embedded(options().pooling(Pooling.FIRST), "hello"), ROUNDING);
    assertArrayEquals(positions[4], embedded(options().pooling(Pooling.LAST), "hello"), ROUNDING);
  }

  @Test
  void embeddingsAreNormalized() throws Exception {
    var expected = mean("hello");
    double squares = 0;
    for (float x : expected) {
      squares += x * x;
    }
    for (int i = 0; i < expected.length; i++) {
      expected[i] /= (float) Math.sqrt(squares);
    }
    assertArrayEquals(expected, embedded(options().normalizeEmbeddings(), "hello"), ROUNDING);
  }

  @Test
  void specialTokensAreAdded() throws Exception {
    assertArrayEquals(mean("xhello"), embedded(options().addSpecialTokens(), "hello"), ROUNDING);
  }

  @Test
  void aDecoderWithEmbeddingsIsServedForBoth() throws Exception {
    var request = GraphRequest.builder().incremental(true).outputs("logits", "embeddings");
    var file = export("trained/x-transformers/bible", request, folder.resolve("both.onnx"));
    try (var both = OnnxModel.load(file);
        var bytes = Tokenizers.of(both);
        var other = InferenceServer.start(both, bytes, options().pooling(Pooling.LAST).build())) {
      var completion =
          post(other, 200, "/v1/completions", "{\"prompt\": \"In the\", \"max_tokens\": 5}");
      assertEquals(5, completion.at("/usage/completion_tokens").intValue());
      var response = post(other, 200, PATH, "{\"input\": [\"In the\", \"In\"]}");
      assertEquals(2, response.path("data").size());
      assertEquals(8, response.at("/usage/prompt_tokens").intValue());
    }
  }

  private String refusal(
      String golden, GraphRequest.Builder request, ServerOptions.Builder options) {
    var file = export(golden, request, folder.resolve("refused.onnx"));
    try (var refused = OnnxModel.load(file);
        Tokenizer letters = new Letters()) {
      return assertThrows(
              TransonnxException.class,
              () -> InferenceServer.start(refused, letters, options.build()))
          .getMessage();
    }
  }

  @Test
  void aModelWithNeitherIsRefused() {
    var message = refusal("cases/x-transformers/encoder", GraphRequest.builder(), options());
    assertTrue(message.contains("depend on those after them, as in an encoder"), message);
    assertTrue(message.contains("no output 'embeddings'"), message);
  }

  @Test
  void poolingNeedsEmbeddings() {
    var message =
        refusal(
            "cases/x-transformers/decoder",
            GraphRequest.builder(),
            options().normalizeEmbeddings());
    assertTrue(message.startsWith("pooling and normalization need embeddings"), message);
  }

  @Test
  void anEncoderWithLogitsContinuesNoText() throws Exception {
    var request = GraphRequest.builder().outputs("logits", "embeddings");
    var file = export("cases/x-transformers/encoder", request, folder.resolve("mlm.onnx"));
    try (var encoder = OnnxModel.load(file);
        var other = InferenceServer.start(encoder, tokenizer, options().build())) {
      post(other, 400, "/v1/completions", "{\"prompt\": \"abc\"}");
      post(other, 200, PATH, "{\"input\": [\"abc\", \"a\"]}");
    }
  }

  @Test
  void aDecoderWithoutEmbeddingsHasNone() throws Exception {
    var file =
        export("cases/x-transformers/decoder", GraphRequest.builder(), folder.resolve("d.onnx"));
    try (var decoder = OnnxModel.load(file);
        var other = InferenceServer.start(decoder, tokenizer, options().build())) {
      var error = post(other, 400, PATH, "{\"input\": \"abc\"}");
      assertEquals(
          "the model 'd' continues text and has no output 'embeddings'; use POST /v1/completions",
          error.at("/error/message").textValue());
    }
  }

  @Test
  void chatIsRefusedWithTheReason() throws Exception {
    for (var path : new String[] {"/v1/chat/completions", "/v1/responses"}) {
      var error = post(server, 404, path, "{}").path("error");
      assertEquals("unknown_url", error.path("code").textValue());
      String message = error.path("message").textValue();
      assertTrue(message.contains("no template for conversations"), message);
      assertTrue(message.endsWith(PATH), message);
    }
  }
}
