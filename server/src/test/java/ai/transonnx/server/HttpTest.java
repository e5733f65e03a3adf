package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, versions and headers of HTTP. */
@Timeout(60)
final class HttpTest extends ServedEncoder {
  private static final String ORIGIN = "https://example.org";

  HttpTest() {
    super(
        ServerOptions.builder()
            .allowedOrigin(ORIGIN)
            .limits(ServerLimits.builder().maxBodyBytes(100_000).build()));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/metrics", "/v1/models"})
  void headHasTheHeadersOfGet(String path) throws Exception {
    var head = send(request(path).method("HEAD", BodyPublishers.noBody()));
    var get = send(request(path).GET());
    assertEquals(200, head.statusCode());
    assertTrue(head.body().isEmpty(), "a body");
    assertTrue(Integer.parseInt(header(head, "content-length")) > 0);
    assertEquals(header(get, "content-type"), header(head, "content-type"));
  }

  @Test
  void optionsNameTheMethods() throws Exception {
    var options = send(request(PATH).method("OPTIONS", BodyPublishers.noBody()));
    assertEquals(204, options.statusCode());
    assertEquals("POST", header(options, "allow"));
    var wrong = send(request("/health").DELETE());
    assertEquals(405, wrong.statusCode());
    assertEquals("GET, HEAD", header(wrong, "allow"));
  }

  @Test
  void pagesOfTheAllowedOriginMaySendAnyHeader() throws Exception {
    var request =
        request(PATH)
            .method("OPTIONS", BodyPublishers.noBody())
            .header("origin", ORIGIN)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, x-stainless-lang");
    var preflight = send(request);
    assertEquals(204, preflight.statusCode());
    assertEquals(ORIGIN, header(preflight, "access-control-allow-origin"));
    assertEquals("GET, POST", header(preflight, "access-control-allow-methods"));
    assertEquals(
        "authorization, x-stainless-lang", header(preflight, "access-control-allow-headers"));
    var body = BodyPublishers.ofString("{\"input\": \"a\"}");
    var response = send(request(PATH).POST(body).header("origin", ORIGIN));
    assertEquals(200, response.statusCode());
    assertEquals(ORIGIN, header(response, "access-control-allow-origin"));
    assertEquals("origin", header(response, "vary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void bothVersionsHaveAnswersAndErrors(HttpClient.Version version) throws Exception {
    var client = HttpClient.newBuilder().version(version).build();
    var health = client.send(request("/health").build(), BodyHandlers.ofString());
    assertEquals(version, health.version());
    var embed = request(PATH).POST(BodyPublishers.ofString("{\"input\": \"hello\"}")).build();
    assertEquals(200, client.send(embed, BodyHandlers.ofString()).statusCode());
    var large = request(PATH).POST(BodyPublishers.ofString(" ".repeat(100_001))).build();
    var refused = client.send(large, BodyHandlers.ofString());
    assertEquals(413, refused.statusCode());
    assertTrue(refused.body().contains("larger than 100000 bytes"), refused.body());
    assertEquals(200, client.send(embed, BodyHandlers.ofString()).statusCode());
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws Exception {
    var policy = header(send(request("/")), "content-security-policy");
    assertTrue(policy.startsWith("default-src 'none';"), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
  }
}
