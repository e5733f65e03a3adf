package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.TransonnxException;
import ai.transonnx.verification.internal.runner.ChildProcess;
import ai.transonnx.verification.internal.runner.Launch;
import ai.transonnx.verification.internal.runner.Messages;
import ai.transonnx.verification.internal.runner.Peer;
import ai.transonnx.verification.internal.runner.RunnerFolder;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerOptions;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A page in a browser that has the runners' protocol, with addresses instead of paths. The page and
 * the browser may do anything. For one thread.
 */
final class Page implements Peer {
  private static final List<String> SCRIPTS = List.of("page.mjs", "safetensors.mjs");

  private final RunnerName name;
  private final RunnerOptions limits;
  private final PageServer server;
  private final ChildProcess browser;
  private final Conversation conversation = new Conversation();

  private Page(
      RunnerName name, RunnerOptions limits, PageServer server, Launch.Preparation launch) {
    this.name = name;
    this.limits = limits;
    this.server = server;
    server.add("", Responses.resource("page.html"));
    SCRIPTS.forEach(script -> server.add(script, Responses.resource(script)));
    server.add("next", Responses.next(conversation));
    server.add("alive", Responses.heartbeat(conversation));
    this.browser = ChildProcess.launch(name, launch);
    browser.onEnd(conversation::fail);
  }

  /**
   * Starts a browser that opens the page.
   *
   * @throws RunnerException if it cannot be started
   */
  static Page open(RunnerName name, RunnerOptions limits, WebSetup setup) {
    var server = PageServer.start();
    setup.library().forEach((file, path) -> server.add("ort/" + file, Responses.file(path)));
    var address = server.page(setup.variant().query());
    try {
      return new Page(
          name, limits, server, folder -> Browser.launch(setup.browser(), folder, address));
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  @Override
  public RunnerFolder folder() {
    return browser.folder();
  }

  @Override
  public void checkAlive() {
    browser.checkAlive();
  }

  @Override
  public String read(Duration limit, String phase) {
    try {
      return conversation.first(limit);
    } catch (Conversation.Failure e) {
      throw fail(e.getMessage() + " while " + phase);
    }
  }

  @Override
  public String ask(ObjectNode request, Duration limit, String phase) {
    checkAlive();
    try (var files = new PageFiles(server, this::upload)) {
      return conversation.ask(Messages.text(files.addressed(request)), limit);
    } catch (Conversation.Failure e) {
      throw fail(e.getMessage() + " while " + phase);
    } catch (TransonnxException e) {
      throw new RunnerException("%s: %s".formatted(name.shown(), e.getMessage()), e);
    }
  }

  private PageServer.Route upload(Path file) {
    return Responses.upload(file, limits.resultBytes(), conversation);
  }

  @Override
  public RunnerException fail(String problem) {
    return browser.fail(problem);
  }

  @Override
  public void end(ObjectNode request) {
    // A browser has nothing to finish: its profile is deleted.
  }

  @Override
  public void close() {
    browser.close();
    server.close();
  }
}
