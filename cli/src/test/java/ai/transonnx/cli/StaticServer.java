package ai.transonnx.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the files of folders on the loopback interface, as any web server does. */
final class StaticServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html",
          "css", "text/css",
          "mjs", "text/javascript",
          "json", "application/json",
          "wasm", "application/wasm");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, Path> folders;
  private final Map<String, String> headers;

  /**
   * Starts a server.
   *
   * @param folders by the beginnings of their addresses, which have a slash at their end
   * @param headers of every response
   */
  StaticServer(Map<String, Path> folders, Map<String, String> headers) throws IOException {
    this.folders = folders;
    this.headers = headers;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    for (var prefix : folders.keySet()) {
      server.createContext(prefix, exchange -> answer(prefix, exchange));
    }
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void answer(String prefix, HttpExchange exchange) throws IOException {
    try (exchange) {
      var name = exchange.getRequestURI().getPath().substring(prefix.length());
      var file = folders.get(prefix).resolve(name.isEmpty() ? "index.html" : name);
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(NOT_FOUND, -1);
        return;
      }
      var ending = file.toString().replaceFirst(".*\\.", "");
      exchange
          .getResponseHeaders()
          .set("Content-Type", TYPES.getOrDefault(ending, "application/octet-stream"));
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(OK, Files.size(file));
      Files.copy(file, exchange.getResponseBody());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
