package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.runner.RunnerException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on loopback for one page. It has a random port, its paths begin with a secret, and it
 * answers requests with its own address only, so that no other page can reach it by a name of its
 * own. Its responses allow the page to connect to nothing else, and to share memory between
 * threads. Threads may share it.
 */
final class PageServer implements AutoCloseable {
  private static final int SECRET_BYTES = 32;

  /**
   * The JDK's server sends headers and body in two packets. Unless it is set, the second waits
   * until the browser acknowledges the first, which takes 40 ms.
   */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  static {
    // The server reads the property once, when its classes are loaded.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
  }

  private static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy",
              "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:;"
                  + " connect-src 'self'",
          "Cross-Origin-Embedder-Policy", "require-corp",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  /** Answers a request. */
  @FunctionalInterface
  interface Route {
    /** Sends the response. The caller closes the exchange. */
    void handle(HttpExchange exchange) throws IOException;
  }

  private static final Route NONE = exchange -> exchange.sendResponseHeaders(404, -1);

  private final HttpServer server;
  private final ExecutorService threads;
  private final String host;
  private final String root;
  private final Map<String, Route> routes = new ConcurrentHashMap<>();

  private PageServer(HttpServer server, ExecutorService threads, String secret) {
    this.server = server;
    this.threads = threads;
    var address = server.getAddress();
    this.host = address.getAddress().getHostAddress() + ":" + address.getPort();
    this.root = "/" + secret + "/";
  }

  /**
   * Starts a server without routes.
   *
   * @throws RunnerException if there is no free port
   */
  static PageServer start() {
    var secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      var address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
      var threads = Executors.newCachedThreadPool(PageServer::thread);
      var started =
          new PageServer(HttpServer.create(address, 0), threads, HexFormat.of().formatHex(secret));
      started.server.createContext("/", started::handle);
      started.server.setExecutor(threads);
      started.server.start();
      return started;
    } catch (IOException e) {
      throw new RunnerException("no port on loopback is free: " + e.getMessage(), e);
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "page server");
    thread.setDaemon(true);
    return thread;
  }

  /** The address of the page, which is the empty path, with a query. */
  URI page(String query) {
    return URI.create("http://" + host + root + query);
  }

  /**
   * Adds a route.
   *
   * @param path relative to the page, such as {@code file/1}
   */
  void add(String path, Route route) {
    routes.put(path, route);
  }

  /** Removes a route; a request that is being answered continues. */
  void remove(String path) {
    routes.remove(path);
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      HEADERS.forEach(exchange.getResponseHeaders()::set);
      route(exchange).handle(exchange);
    } catch (IOException e) {
      // The browser has closed the connection, which the page's heartbeat reports.
    }
  }

  private Route route(HttpExchange exchange) {
    var path = exchange.getRequestURI().getRawPath();
    var isOurs =
        host.equals(exchange.getRequestHeaders().getFirst("Host")) && path.startsWith(root);
    return isOurs ? routes.getOrDefault(path.substring(root.length()), NONE) : NONE;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
