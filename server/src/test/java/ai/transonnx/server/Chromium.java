package ai.transonnx.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A page in Chromium without a window, driven by Chromium's DevTools protocol. */
public final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LISTENING = "DevTools listening on ";
  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--no-first-run",
          "--no-proxy-server",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-dev-shm-usage",
          "--disable-extensions",
          "--disable-sync",
          // An adapter that computes on the processor, if there is no other.
          "--enable-unsafe-webgpu",
          "--remote-debugging-port=0");

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final StringBuilder message = new StringBuilder();
  private final WebSocket socket;
  private int last;

  private Chromium(Path program, Path folder) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(OPTIONS);
    command.add("--user-data-dir=" + folder);
    if (System.getProperty("user.name", "").equals("root")) {
      command.add("--no-sandbox"); // As root, Chromium starts without a sandbox only.
    }
    command.add("about:blank");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    for (var variable :
        List.of("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMPDIR")) {
      builder.environment().put(variable, folder.toString());
    }
    this.process = builder.start();
    var browser = URI.create(address().replaceFirst("^ws", "http"));
    var request =
        HttpRequest.newBuilder(browser.resolve("/json/new?about:blank"))
            .PUT(BodyPublishers.noBody())
            .build();
    var page = JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    var uri = URI.create(page.path("webSocketDebuggerUrl").textValue());
    this.socket = client.newWebSocketBuilder().buildAsync(uri, new Answers()).join();
  }

  /** The program, if it is installed: that of {@code TRANSONNX_CHROME}, or one in the path. */
  public static Optional<Path> find() {
    var named = Optional.ofNullable(System.getenv("TRANSONNX_CHROME")).map(Path::of);
    var folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    var names = List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    return Stream.concat(
            named.stream(),
            names.stream()
                .flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name))))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the program, with its files in a folder. */
  public static Chromium start(Path program, Path folder) throws IOException, InterruptedException {
    return new Chromium(program, folder);
  }

  private String address() throws IOException {
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var log = new StringBuilder();
    String line = lines.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      log.append(line).append('\n');
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("Chromium does not start: " + log);
    }
    var rest = new Thread(() -> lines.lines().forEach(unread -> {}), "chromium-log");
    rest.setDaemon(true);
    rest.start();
    return line.substring(LISTENING.length());
  }

  /** Completes calls by their answers; events have no number. */
  private final class Answers implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean isLast) {
      message.append(data);
      if (isLast) {
        try {
          var answer = JSON.readTree(message.toString());
          var call = calls.remove(answer.path("id").intValue());
          if (call != null) {
            call.complete(answer);
          }
        } catch (IOException e) {
          calls.values().forEach(call -> call.completeExceptionally(e));
        }
        message.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
      calls.values().forEach(call -> call.completeExceptionally(new IOException(reason)));
      return CompletableFuture.completedStage(null);
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    var answer = new CompletableFuture<JsonNode>();
    calls.put(++last, answer);
    var request = Map.of("id", last, "method", method, "params", parameters);
    socket.sendText(JSON.writeValueAsString(request), true).join();
    var result = answer.join();
    if (result.has("error")) {
      throw new IOException(method + ": " + result.path("error"));
    }
    return result.path("result");
  }

  /** Opens a page, and waits until an expression of it is true. */
  public void open(URI page, String ready) throws IOException {
    call("Page.navigate", Map.of("url", page.toString()));
    while (!evaluate("location.href === '%s'".formatted(page)).booleanValue()) {
      Thread.onSpinWait();
    }
    await(ready);
  }

  /** The value of an expression, or of its promise. */
  public JsonNode evaluate(String expression) throws IOException {
    var parameters = Map.of("expression", expression, "awaitPromise", true, "returnByValue", true);
    var result = call("Runtime.evaluate", parameters);
    if (result.has("exceptionDetails")) {
      throw new IOException(expression + ": " + result.path("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  /** Waits until an expression is true, which is evaluated whenever the page changes. */
  public void await(String expression) throws IOException {
    evaluate(
        """
        new Promise(resolve => {
          const observer = new MutationObserver(check);
          function check() { if (%s) { observer.disconnect(); resolve(); } }
          observer.observe(
              document, {subtree: true, childList: true, characterData: true, attributes: true});
          check();
        })\
        """
            .formatted(expression));
  }

  /** The text of an element. */
  public String text(String id) throws IOException {
    return evaluate("document.getElementById('%s').textContent".formatted(id)).textValue();
  }

  /** Replaces the value of a field, as a user does who selects it and types. */
  public void type(String id, String text) throws IOException {
    evaluate(
        "document.getElementById('%1$s').focus(), document.getElementById('%1$s').select()"
            .formatted(id));
    call("Input.insertText", Map.of("text", text));
  }

  /** Presses the mouse on the middle of an element. */
  public void click(String id) throws IOException {
    var middle =
        evaluate(
            """
            (element => {
              element.scrollIntoView();
              const {x, y, width, height} = element.getBoundingClientRect();
              return [x + width / 2, y + height / 2];
            })(document.getElementById('%s'))\
            """
                .formatted(id));
    for (var type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              middle.get(0).doubleValue(),
              "y",
              middle.get(1).doubleValue(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Sets the size of the page's window. */
  public void resize(int width, int height, boolean dark) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    var scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /** Writes a picture of the page. */
  public void screenshot(Path png) throws IOException {
    var data = call("Page.captureScreenshot", Map.of("format", "png")).path("data").textValue();
    Files.write(png, Base64.getDecoder().decode(data));
  }

  @Override
  public void close() {
    socket.abort();
    var children = process.descendants().toList();
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    process.destroyForcibly().onExit().join();
    children.forEach(ProcessHandle::destroyForcibly);
    for (var child : children) {
      child.onExit().join();
    }
  }
}
