package ai.transonnx.server.internal;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: holders of the key, and browsers on pages of this server or of the allowed origin.
 * A page of another origin is refused, so that no web site can use a server on its visitors'
 * machines.
 */
public final class Access {
  private static final String BEARER = "Bearer ";

  private final Optional<byte[]> key;
  private final Optional<String> origin;

  /**
   * The access.
   *
   * @param key empty if none is needed
   * @param origin the further origin, or {@code *}
   */
  public Access(Optional<String> key, Optional<String> origin) {
    this.key = key.map(text -> digest(text));
    this.origin = origin;
  }

  /**
   * Checks the origin of a request, and allows its browser to read the response.
   *
   * @throws ApiException if it is another
   */
  void checkOrigin(HttpServerRequest request) {
    String from = request.getHeader("origin");
    if (from == null || isOwn(from, request.getHeader("host"))) {
      return;
    }
    if (origin.isEmpty() || !(origin.get().equals("*") || origin.get().equals(from))) {
      throw ApiException.ofStatus(
          403, "invalid_request_error", "origin", "pages of this origin may not call the server");
    }
    request
        .response()
        .putHeader("access-control-allow-origin", origin.get())
        .putHeader("access-control-allow-headers", "authorization, content-type")
        .putHeader("vary", "origin");
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
