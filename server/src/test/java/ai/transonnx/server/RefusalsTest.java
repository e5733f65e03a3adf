package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that cannot be honoured get errors in the form of OpenAI's protocol. */
@Timeout(60)
final class RefusalsTest extends ServedModel {
  private static final String KEY = "a-key";

  RefusalsTest() {
    super(
        ServerOptions.builder()
            .apiKey(KEY)
            .limits(
                ServerLimits.builder().maxBodyBytes(2000).maxTokens(100).maxChoices(4).build()));
  }

  private HttpResponse<String> posted(String body) throws Exception {
    return send(
        request("/v1/completions")
            .header("authorization", "Bearer " + KEY)
            .POST(BodyPublishers.ofString(body)));
  }

  private static void assertError(int status, String phrase, HttpResponse<String> response)
      throws Exception {
    assertEquals(status, response.statusCode(), response.body());
    var error = JSON.readTree(response.body()).path("error");
    String message = error.path("message").textValue();
    assertTrue(message.contains(phrase), message);
    assertFalse(message.contains("\n") || message.contains("Exception"), message);
    assertEquals(List.of("message", "type", "param", "code"), names(error));
  }

  private static List<String> names(com.fasterxml.jackson.databind.JsonNode node) {
    var names = new java.util.ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 'prompt' is missing",
        "{\"prompt\": 7} | 'prompt' is neither",
        "{\"prompt\": []} | 'prompt' is neither",
        "{\"prompt\": \"\"} | 'prompt' is empty",
        "{\"prompt\": [\"a\", 7]} | 'prompt[1]' is neither",
        "{\"prompt\": [1, 128]} | 'prompt[1]' is not a token",
        "{\"prompt\": [1, 1.5]} | 'prompt[1]' is not a token",
        "{\"prompt\": [1, 1e400]} | 'prompt[1]' is not a token",
        "{\"prompt\": [\"a\", \"b\", \"c\", \"d\", \"e\"]} | at most 4",
        "{\"prompt\": [\"a\", \"b\", \"c\"], \"n\": 2} | more than 4 choices",
        "{\"prompt\": \"é\"} | 'prompt'",
        "{\"prompt\": \"a\", \"max_tokens\": 101} | 'max_tokens' is not a whole number from 0 to"
            + " 100",
        "{\"prompt\": \"a\", \"max_tokens\": \"10\"} | 'max_tokens' is not",
        "{\"prompt\": \"a\", \"temperature\": -1} | 'temperature' is not",
        "{\"prompt\": \"a\", \"top_p\": 0} | 'top_p' is 0",
        "{\"prompt\": \"a\", \"stop\": [1]} | 'stop' is not",
        "{\"prompt\": \"a\", \"stop\": \"\"} | empty text",
        "{\"prompt\": \"a\", \"stream\": 1} | 'stream' is not true or false",
        "{\"prompt\": \"a\", \"stream_options\": {\"x\": 1}} | 'stream_options.x' is unknown",
        "{\"prompt\": \"a\", \"logprobs\": 21} | 'logprobs' is not",
        "{\"prompt\": \"a\", \"best_of\": 2} | 'best_of'",
        "{\"prompt\": \"a\", \"suffix\": \"b\"} | 'suffix' is not supported",
        "{\"prompt\": \"a\", \"logit_bias\": {\"5\": 1}} | 'logit_bias' is not supported",
        "{\"prompt\": \"a\", \"presence_penalty\": 1} | 'presence_penalty' is not supported",
        "{\"prompt\": \"a\", \"max_token\": 1} | 'max_token' is unknown",
        "{\"prompt\": \"a\", \"prompt\": \"b\"} | not JSON",
        "{\"prompt\": \"a\"} {} | not JSON",
        "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]] | not JSON",
        "7 | not a JSON object",
        "{\"prompt\": \"a | not JSON",
      })
  void wrongBodiesAreRefused(String body, String phrase) throws Exception {
    assertError(400, phrase, posted(body));
  }

  @Test
  void neutralValuesAreAccepted() throws Exception {
    String body =
        "{\"prompt\": \"a\", \"max_tokens\": 1, \"best_of\": 1, \"suffix\": null, \"logit_bias\":"
            + " {}, \"presence_penalty\": 0, \"frequency_penalty\": 0.0, \"user\": \"me\","
            + " \"stop\": null}";
    assertEquals(200, posted(body).statusCode());
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws Exception {
    var body = "{\"prompt\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    var response =
        send(
            request("/v1/completions")
                .header("authorization", "Bearer " + KEY)
                .POST(BodyPublishers.ofByteArray(body)));
    assertError(400, "not JSON", response);
  }

  @Test
  void largeBodiesAreRefused() throws Exception {
    assertError(413, "larger than 2000 bytes", posted(" ".repeat(3000)));
  }

  @Test
  void promptsBeyondTheWindowAreRefused() throws Exception {
    var response = posted("{\"prompt\": \"%s\", \"max_tokens\": 100}".formatted("a".repeat(200)));
    assertError(400, "context window of 256", response);
    assertEquals(
        "context_length_exceeded", JSON.readTree(response.body()).at("/error/code").textValue());
  }

  @Test
  void otherModelsAreUnknown() throws Exception {
    assertError(404, "one model, 'bible'", posted("{\"model\": \"x\", \"prompt\": \"a\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer another", "Basic " + KEY})
  void requestsWithoutTheKeyAreRefused(String header) throws Exception {
    var request = request("/v1/models");
    if (!header.isEmpty()) {
      request.header("authorization", header);
    }
    assertError(401, "API key", send(request));
  }

  @Test
  void unknownPathsAndMethodsAreRefused() throws Exception {
    assertError(404, "no such path", send(request("/v2")));
    var response = send(request("/v1/completions").GET());
    assertError(405, "needs POST", response);
    assertEquals("POST", response.headers().firstValue("allow").orElseThrow());
  }

  @Test
  void pagesOfOtherOriginsAreRefused() throws Exception {
    var request = request("/health").header("origin", "https://example.org");
    assertError(403, "origin", send(request));
  }
}
