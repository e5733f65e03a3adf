package ai.transonnx.verification.internal.runner.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A program that is started like a browser and behaves like a page, or like none. It has no
 * dependencies, so that it starts quickly.
 */
final class FakePage {
  private static final String READY =
      "{\"ready\":true,\"fingerprint\":{\"runtime\":\"fake\",\"version\":\"1\",\"provider\":"
          + "\"none\",\"properties\":{}}}";
  private static final String OK = "{\"ok\":true}";
  private static final Pattern ADDRESS = Pattern.compile("url=(http[^\"]*)");

  private final String mode;
  private final URI page;

  private FakePage(String mode, URI page) {
    this.mode = mode;
    this.page = page;
  }

  /** A response of the server. */
  private record Response(String head, String body) {
    String status() {
      return head.split(" ", 3)[1];
    }
  }

  /** Has the name of the behavior as its first argument, and the address of a file as its last. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    var start = Files.readString(Path.of(URI.create(arguments[arguments.length - 1])));
    var address = ADDRESS.matcher(start);
    if (!address.find()) {
      throw new IllegalArgumentException("no address is given");
    }
    new FakePage(arguments[0], URI.create(address.group(1))).run();
  }

  private void run() throws IOException, InterruptedException {
    switch (mode) {
      case "dies-at-once" -> {
        System.err.println("cannot open the display");
        System.exit(3);
      }
      case "hangs-at-once" -> Thread.sleep(Long.MAX_VALUE);
      case "begins-with-garbage" -> next("<html>");
      case "has-no-adapter" ->
          next("{\"ready\":false,\"error\":\"no adapter\",\"install\":\"get one\"}");
      default -> {
        for (var request = next(READY); ; request = next(answer(request))) {
          if (request.isEmpty()) {
            return;
          }
        }
      }
    }
  }

  private String answer(String request) throws IOException, InterruptedException {
    if (!request.contains("\"run\"")) {
      return OK;
    }
    switch (mode) {
      case "hangs" -> Thread.sleep(Long.MAX_VALUE);
      case "dies" -> Runtime.getRuntime().halt(134);
      case "crashes" -> {
        try (var heartbeat = connect(page.getPath() + "alive", page.getAuthority(), "")) {
          heartbeat.getInputStream().readNBytes(1);
        }
        Thread.sleep(Long.MAX_VALUE);
      }
      case "refuses" -> {
        return "{\"ok\":false,\"error\":\"no kernel\\nfor this\"}";
      }
      case "answers-with-garbage" -> {
        return "[1, 2";
      }
      case "answers-too-much" -> {
        return "x".repeat(100_000);
      }
      case "answers-twice" -> post("next", OK);
      case "returns-nothing" -> {}
      case "returns-too-much" -> post("result", "x".repeat(10_000));
      case "returns-another-type" -> post("result", tensors("F64", "[1,3]"));
      case "returns-twice" -> {
        post("result", tensors("F32", "[2,3]"));
        post("result", tensors("F32", "[2,3]"));
      }
      case "looks-around" -> {
        return "{\"ok\":false,\"error\":\"%s\"}".formatted(lookAround());
      }
      default -> post("result", tensors("F32", "[2,3]"));
    }
    return OK;
  }

  /** The server's answers to requests that other pages and programs might send. */
  private String lookAround() throws IOException {
    var own = page.getPath() + "page.mjs";
    var host = page.getAuthority();
    return "page %s, inputs %s, model %s, without secret %s, other host %s, elsewhere %s"
        .formatted(
            get(own, host).status(),
            get(page.getPath() + "inputs", host).status(),
            get(page.getPath() + "model", host).status(),
            get("/page.mjs", host).status(),
            get(own, "example.org:" + page.getPort()).status(),
            get(page.getPath() + "../../../../etc/passwd", host).status());
  }

  private String next(String line) throws IOException {
    var response = post("next", line);
    while (response.status().equals("204")) {
      response = post("next", "");
    }
    return response.body();
  }

  private Response get(String path, String host) throws IOException {
    return response(connect(path, host, ""));
  }

  private Response post(String path, String body) throws IOException {
    return response(connect(page.getPath() + path, page.getAuthority(), body));
  }

  private static Response response(Socket socket) throws IOException {
    try (socket) {
      var bytes = socket.getInputStream().readAllBytes();
      var parts = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2);
      return new Response(parts[0], parts.length == 2 ? parts[1] : "");
    }
  }

  /** Sends a request; the server closes the connection after the response. */
  private Socket connect(String path, String host, String body) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), page.getPort());
    var head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %s\r\n\r\n"
            .formatted(path, host, body.length());
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** A safetensors file with 24 bytes. */
  private static String tensors(String dtype, String shape) {
    var header =
        "{\"out_float32\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,24]}}"
            .formatted(dtype, shape);
    var bytes =
        ByteBuffer.allocate(Long.BYTES + header.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    return new String(bytes.array(), StandardCharsets.ISO_8859_1);
  }
}
