package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings are those of the model, in the form of OpenAI's protocol. */
@Timeout(60)
final class EmbeddingsTest extends ServedEncoder {
  EmbeddingsTest() {
    super(ServerOptions.builder().limits(ServerLimits.builder().maxInputs(50).build()));
  }

  private JsonNode embed(String body) throws Exception {
    var response = post(PATH, body);
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  @Test
  void anEmbeddingIsTheMeanOfThePositions() throws Exception {
    var response = embed("{\"model\": \"encoder\", \"input\": \"hello\"}");
    assertArrayEquals(mean("hello"), vector(response, 0), ROUNDING);
    assertEquals("list", response.path("object").textValue());
    assertEquals("encoder", response.path("model").textValue());
    assertEquals("embedding", response.at("/data/0/object").textValue());
    assertEquals(0, response.at("/data/0/index").intValue());
    assertEquals("{\"prompt_tokens\":5,\"total_tokens\":5}", response.path("usage").toString());
  }

  @Test
  void textsOfAnyLengthsAreEmbeddedInOrder() throws Exception {
    var texts = List.of("hello", "a", "abcdefghijklmno", "hello", "go");
    var response = embed("{\"input\": %s}".formatted(JSON.writeValueAsString(texts)));
    assertEquals(texts.size(), response.path("data").size());
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(mean(texts.get(i)), vector(response, i), ROUNDING);
      assertEquals(i, response.at("/data/%s/index".formatted(i)).intValue());
    }
    assertEquals(28, response.at("/usage/total_tokens").intValue());
  }

  @Test
  void tokensAreEmbedded() throws Exception {
    assertArrayEquals(mean("abc"), vector(embed("{\"input\": [0, 1, 2]}"), 0), ROUNDING);
    var response = embed("{\"input\": [[0, 1, 2], [7]]}");
    assertArrayEquals(mean("abc"), vector(response, 0), ROUNDING);
    assertArrayEquals(mean("h"), vector(response, 1), ROUNDING);
  }

  @Test
  void base64HasTheBytesOfTheSameNumbers() throws Exception {
    var expected = vector(embed("{\"input\": \"hello\", \"encoding_format\": \"float\"}"), 0);
    var text =
        embed("{\"input\": \"hello\", \"encoding_format\": \"base64\"}")
            .at("/data/0/embedding")
            .textValue();
    var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    var vector = new float[expected.length];
    assertEquals(vector.length * Float.BYTES, bytes.remaining());
    bytes.asFloatBuffer().get(vector);
    assertArrayEquals(expected, vector);
  }

  @Test
  void theDimensionsOfTheModelArePossible() throws Exception {
    int dim = mean("a").length;
    embed("{\"input\": \"hello\", \"dimensions\": %s, \"user\": \"me\"}".formatted(dim));
    var response = post(PATH, "{\"input\": \"hello\", \"dimensions\": %s}".formatted(dim - 1));
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("'dimensions' must be " + dim), response.body());
  }

  @Test
  void manyClientsAreServedAtOnce() throws Exception {
    var expected = mean("abcdefg");
    var calls = new ArrayList<CompletableFuture<JsonNode>>();
    for (int i = 0; i < 40; i++) {
      calls.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return embed("{\"input\": [\"abcdefg\", \"hello\"]}");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (var call : calls) {
      assertArrayEquals(expected, vector(call.join(), 0), ROUNDING);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 'input' is missing",
        "{\"input\": null} | 'input' is missing",
        "{\"input\": []} | 'input' is neither",
        "{\"input\": {}} | 'input' is neither",
        "{\"input\": \"\"} | 'input' is empty",
        "{\"input\": [\"a\", \"\"]} | 'input[1]' is empty",
        "{\"input\": [[]]} | 'input[0]' is empty",
        "{\"input\": [\"a\", [1]], \"x\": 1} | 'x' is unknown",
        "{\"input\": [1, \"a\"]} | 'input[1]' is not a token",
        "{\"input\": [1, 24]} | 'input[1]' is not a token",
        "{\"input\": [-1]} | 'input[0]' is not a token",
        "{\"input\": [[1], [1e3]]} | 'input[1][0]' is not a token",
        "{\"input\": \"a z\"} | 'input': only letters",
        "{\"input\": \"aaaaaaaaaaaaaaaaaaaaaaaaa\"} | 'input' has 25 tokens; at most 24",
        "{\"input\": [\"a\", \"aaaaaaaaaaaaaaaaaaaaaaaaa\"]} | 'input[1]' has 25 tokens",
        "{\"input\": \"a\", \"encoding_format\": \"float16\"} | 'encoding_format' is not 'float'",
        "{\"input\": \"a\", \"encoding_format\": 1} | 'encoding_format' is not a string",
        "{\"input\": \"a\", \"dimensions\": \"16\"} | 'dimensions' must be",
        "{\"input\": \"a\", \"stream\": true} | 'stream' is unknown",
        "{\"input\": \"a\" | not JSON",
        "[\"a\"] | not a JSON object",
      })
  void wrongBodiesAreRefused(String body, String phrase) throws Exception {
    var response = post(PATH, body);
    assertEquals(400, response.statusCode(), response.body());
    String message = JSON.readTree(response.body()).at("/error/message").textValue();
    assertTrue(message.contains(phrase), message);
    assertFalse(message.contains("\n") || message.contains("Exception"), message);
  }

  @Test
  void theNumberOfTextsIsLimited() throws Exception {
    var texts = Collections.nCopies(51, "a");
    var response = post(PATH, "{\"input\": %s}".formatted(JSON.writeValueAsString(texts)));
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("51 elements; at most 50"), response.body());
  }

  @Test
  void otherModelsAreUnknown() throws Exception {
    assertEquals(404, post(PATH, "{\"model\": \"x\", \"input\": \"a\"}").statusCode());
  }

  @Test
  void anEncoderContinuesNoText() throws Exception {
    var response = post("/v1/completions", "{\"prompt\": \"abc\"}");
    assertEquals(400, response.statusCode());
    var error = JSON.readTree(response.body()).path("error");
    assertEquals(
        "the model 'encoder' computes embeddings and does not continue text; use POST"
            + " /v1/embeddings",
        error.path("message").textValue());
    assertEquals("model", error.path("param").textValue());
  }

  @Test
  void theModelIsListed() throws Exception {
    assertEquals("encoder", get("/v1/models").at("/data/0/id").textValue());
    assertEquals("[\"/v1/embeddings\"]", get("/health").path("endpoints").toString());
  }

  @Test
  void metricsCountTexts() throws Exception {
    embed("{\"input\": [\"a\", \"bc\"]}");
    var metrics = send(request("/metrics")).body();
    assertTrue(metrics.contains("transonnx_embeddings_total{end=\"done\"}"), metrics);
    assertTrue(metrics.contains("transonnx_embeddings_tokens_total"), metrics);
    assertTrue(metrics.contains("transonnx_embeddings_rows_count"), metrics);
    assertTrue(metrics.contains("endpoint=\"/v1/embeddings\",status=\"200\""), metrics);
  }
}
