package ai.transonnx.server.internal;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: holders of the key, and browsers on pages of this server or of the allowed origin.
 * A page of another origin is refused, so that no web site can use a server on its visitors'
 * machines. Without a key, a server of the loopback interface has names of that interface only: a
 * web site can give its own name the address of the visitor's machine (DNS rebinding).
 */
public final class Access {
  private static final String BEARER = "Bearer ";

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

  private static final Pattern HEADERS = Pattern.compile("[\\w, -]{1,2000}");

  private final Optional<byte[]> key;
  private final Optional<String> origin;
  private final boolean loopbackNamesOnly;

  /**
   * The access.
   *
   * @param key empty if none is needed
   * @param origin the further origin, or {@code *}
   * @param host the name or address that is listened on
   */
  public Access(Optional<String> key, Optional<String> origin, String host) {
    this.key = key.map(text -> digest(text));
    this.origin = origin;
    this.loopbackNamesOnly =
        key.isEmpty() && (LOOPBACK.matcher(host).matches() || host.equals("::1"));
  }

  /**
   * Checks the host and the origin of a request, and allows its browser to read the response.
   *
   * @throws ApiException if it is another
   */
  void checkOrigin(HttpServerRequest request) {
    String host = request.getHeader("host");
    if (loopbackNamesOnly && host != null && !LOOPBACK.matcher(host).matches()) {
      throw ApiException.ofStatus(
          403, "invalid_request_error", "host", "this server has another name; call it localhost");
    }
    String from = request.getHeader("origin");
    if (from == null || isOwn(from, host)) {
      return;
    }
    if (origin.isEmpty() || !(origin.get().equals("*") || origin.get().equals(from))) {
      throw ApiException.ofStatus(
          403, "invalid_request_error", "origin", "pages of this origin may not call the server");
    }
    var response = request.response();
    response
        .putHeader("access-control-allow-origin", origin.get())
        .putHeader("access-control-expose-headers", "retry-after")
        .putHeader("vary", "origin");
    if (request.method().equals(HttpMethod.OPTIONS)) {
      String headers = request.getHeader("access-control-request-headers");
      boolean areNames = headers != null && HEADERS.matcher(headers).matches();
      response
          .putHeader("access-control-allow-methods", "GET, POST")
          .putHeader(
              "access-control-allow-headers", areNames ? headers : "authorization, content-type")
          .putHeader("access-control-max-age", "600");
    }
  }

  private static boolean isOwn(String from, @Nullable String host) {
    return host != null && (from.equals("http://" + host) || from.equals("https://" + host));
  }

  /**
   * Checks the key of a request.
   *
   * @throws ApiException if it is missing or wrong
   */
  void checkKey(HttpServerRequest request) {
    if (key.isEmpty()) {
      return;
    }
    String header = request.getHeader("authorization");
    boolean isRight =
        header != null
            && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && MessageDigest.isEqual(digest(header.substring(BEARER.length()).strip()), key.get());
    if (!isRight) {
      throw ApiException.ofStatus(
          401,
          "invalid_request_error",
          "invalid_api_key",
          "the API key is missing or wrong; send it as 'Authorization: Bearer KEY'");
    }
  }

  /** Digests have equal lengths, so comparing them takes equal times. */
  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Each JDK has it.
    }
  }
}
