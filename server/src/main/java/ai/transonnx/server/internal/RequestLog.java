package ai.transonnx.server.internal;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line for each request; never its body or its key. Threads may share it. */
public final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("ai.transonnx.server");
  private static final int MAX_PATH = 200;

  private final boolean enabled;

  /** A log, or one without lines. */
  public RequestLog(boolean enabled) {
    this.enabled = enabled;
  }

  /** The client received a response. */
  void onResponse(HttpServerRequest request, int status, Duration time) {
    write(request, Integer.toString(status), time);
  }

  /** The client disconnected before it had received the response. */
  void onDisconnect(HttpServerRequest request, Duration time) {
    write(request, "disconnected", time);
  }

  private void write(HttpServerRequest request, String end, Duration time) {
    if (enabled) {
      var address = request.remoteAddress();
      LOG.info(
          "{} {} {} {} {} ms",
          address == null ? "-" : address.hostAddress(),
          printable(request.method().name()),
          printable(request.path()),
          end,
          time.toMillis());
    }
  }

  /** Without characters that could end a line or control a terminal. */
  private static String printable(@Nullable String text) {
    var shown = text == null ? "" : text.replaceAll("[^\\x21-\\x7e]", "?");
    return shown.length() <= MAX_PATH ? shown : shown.substring(0, MAX_PATH) + "...";
  }
}
