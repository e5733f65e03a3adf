package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.format.internal.file.NewFile;
import ai.transonnx.format.internal.file.PlainFile;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The routes of a page. */
final class Responses {
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;

  /** More than any answer to a request; tensors are uploaded on their own. */
  private static final int LONGEST_ANSWER = 1 << 16;

  /** Asking for the next request waits so long, and is then repeated. */
  private static final Duration POLL = Duration.ofSeconds(20);

  private static final int PART = 1 << 16;

  private static final long HEARTBEAT_MILLIS = 500;

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "wasm", "application/wasm");

  private Responses() {}

  /** A file beside this class. */
  static PageServer.Route resource(String name) {
    return exchange -> {
      try (var stream = Responses.class.getResourceAsStream(name)) {
        if (stream == null) {
          throw new IllegalStateException("the file " + name + " is missing in this program");
        }
        send(exchange, name, stream.readAllBytes());
      }
    };
  }

  private static void send(HttpExchange exchange, String name, byte[] content) throws IOException {
    setType(exchange, name);
    exchange.sendResponseHeaders(OK, content.length);
    exchange.getResponseBody().write(content);
  }

  /** A file on disk. */
  static PageServer.Route file(Path file) {
    return exchange -> {
      try (var stream = PlainFile.stream(file)) {
        setType(exchange, file.toString());
        long size = Files.size(file);
        exchange.sendResponseHeaders(OK, size == 0 ? -1 : size);
        stream.transferTo(exchange.getResponseBody());
      }
    };
  }

  private static void setType(HttpExchange exchange, String name) {
    var ending = name.substring(name.lastIndexOf('.') + 1);
    exchange
        .getResponseHeaders()
        .set("Content-Type", TYPES.getOrDefault(ending, "application/octet-stream"));
  }

  /** Takes the page's answer and sends the next request. */
  static PageServer.Route next(Conversation conversation) {
    return exchange -> {
      var answer = exchange.getRequestBody().readNBytes(LONGEST_ANSWER + 1);
      if (answer.length > LONGEST_ANSWER) {
        conversation.fail("answered with more than %s bytes".formatted(LONGEST_ANSWER));
        refuse(exchange, TOO_LARGE);
      } else if (answer.length > 0
          && !conversation.answer(new String(answer, StandardCharsets.UTF_8))) {
        conversation.fail("answered twice");
        refuse(exchange, BAD_REQUEST);
      } else {
        sendNext(exchange, conversation);
      }
    };
  }

  private static void sendNext(HttpExchange exchange, Conversation conversation)
      throws IOException {
    try {
      var request = conversation.next(POLL);
      if (request == null) {
        refuse(exchange, NO_CONTENT);
      } else {
        send(exchange, "", request.getBytes(StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The server is closed.
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  /** A response without an end, which fails when the page is gone. */
  static PageServer.Route heartbeat(Conversation conversation) {
    return exchange -> {
      try {
        exchange.sendResponseHeaders(OK, 0);
        while (true) {
          exchange.getResponseBody().write('.');
          exchange.getResponseBody().flush();
          Thread.sleep(HEARTBEAT_MILLIS);
        }
      } catch (IOException e) {
        conversation.fail("lost its page, which crashed or was closed");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // The server is closed.
      }
    };
  }

  /** Receives the bytes of a new file, at most {@code limit}. */
  static PageServer.Route upload(Path file, long limit, Conversation conversation) {
    return exchange -> {
      try (var target = NewFile.create(file)) {
        if (copy(exchange.getRequestBody(), target, limit)) {
          refuse(exchange, NO_CONTENT);
        } else {
          conversation.fail("returned more than %s bytes".formatted(limit));
          refuse(exchange, TOO_LARGE);
        }
      } catch (FileAlreadyExistsException e) {
        conversation.fail("returned results twice");
        refuse(exchange, BAD_REQUEST);
      }
    };
  }

  private static boolean copy(InputStream source, OutputStream target, long limit)
      throws IOException {
    var part = new byte[PART];
    long left = limit;
    for (int count = source.read(part); count >= 0; count = source.read(part)) {
      left -= count;
      if (left < 0) {
        return false;
      }
      target.write(part, 0, count);
    }
    return true;
  }
}
