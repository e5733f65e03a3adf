package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.internal.runner.Launch;
import ai.transonnx.verification.internal.runner.RunnerFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Chromium without a window, for one page. */
final class Browser {
  /** No network, no questions, no reports, and no limit of shared memory. */
  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--no-first-run",
          "--no-default-browser-check",
          "--no-pings",
          "--no-proxy-server",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          "--disable-background-networking",
          "--disable-breakpad",
          "--disable-component-update",
          "--disable-crash-reporter",
          "--disable-default-apps",
          "--disable-dev-shm-usage",
          "--disable-domain-reliability",
          "--disable-extensions",
          "--disable-sync",
          "--metrics-recording-only",
          "--password-store=basic",
          "--use-mock-keychain",
          // Only errors that end it: the others concern services of a desktop.
          "--log-level=3",
          // Otherwise there is no adapter on Linux, nor one that computes on the processor.
          "--enable-unsafe-webgpu");

  /** Settings, caches, sockets and reports of crashes are deleted with the runner's folder. */
  private static final List<String> FOLDERS =
      List.of("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR");

  private static final String START =
      """
      <!doctype html>
      <meta charset="utf-8">
      <meta http-equiv="refresh" content="0; url=%s">
      """;

  private Browser() {}

  /**
   * Opens a page. Its address is in a file that no other user can read, because every user can read
   * the arguments of a process.
   */
  static Launch launch(List<String> browser, RunnerFolder folder, URI page) throws IOException {
    var start = folder.write("start.html", START.formatted(page));
    var command = new ArrayList<>(browser);
    command.addAll(OPTIONS);
    command.add("--user-data-dir=" + folder.temporary().resolve("profile"));
    if (isOfRoot(start)) {
      command.add("--no-sandbox"); // As root, Chromium starts without a sandbox only.
    }
    command.add(start.toUri().toString());
    var environment = new HashMap<String, String>();
    FOLDERS.forEach(variable -> environment.put(variable, folder.temporary().toString()));
    return new Launch(command, environment);
  }

  private static boolean isOfRoot(Path own) throws IOException {
    try {
      return Files.getAttribute(own, "unix:uid").equals(0);
    } catch (UnsupportedOperationException e) {
      return false; // Windows
    }
  }
}
