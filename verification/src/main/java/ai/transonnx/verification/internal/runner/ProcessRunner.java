package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerFingerprint;
import ai.transonnx.verification.runner.RunnerOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;

/**
 * A runtime in a process of its own, which has the protocol of docs/runners.md. For one thread.
 *
 * <p>The process may do anything. Each call ends in its time, with a result or with one line. A
 * process that breaks the protocol is killed, and later calls fail with the reason.
 */
public final class ProcessRunner implements ModelRunner {
  private final RunnerName name;
  private final RunnerOptions limits;
  private final Peer peer;
  private final RunnerFingerprint fingerprint;
  private int models;

  private ProcessRunner(RunnerName name, RunnerOptions limits, Peer peer) {
    this.name = name;
    this.limits = limits;
    this.peer = peer;
    this.fingerprint = awaitReady();
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @throws MissingRunnerException if the runtime is not installed
   * @throws RunnerException if it does not start
   */
  public static ProcessRunner start(
      RunnerName name, RunnerOptions limits, Launch.Preparation preparation) {
    return start(name, limits, ChildProcess.launch(name, preparation));
  }

  /**
   * Waits until a runtime is ready.
   *
   * @param peer is closed with the runner
   * @throws MissingRunnerException if the runtime is not installed
   * @throws RunnerException if it does not start
   */
  public static ProcessRunner start(RunnerName name, RunnerOptions limits, Peer peer) {
    try {
      return new ProcessRunner(name, limits, peer);
    } catch (RuntimeException | Error e) {
      peer.close();
      throw e;
    }
  }

  private RunnerFingerprint awaitReady() {
    var ready = object(peer.read(limits.startTime(), "starting"), "starting");
    if (ready.path("ready").isBoolean() && !ready.path("ready").booleanValue()) {
      throw unready(ready);
    }
    var given = ready.path("fingerprint");
    var runtime = Messages.text(given, "runtime");
    var version = Messages.text(given, "version");
    var provider = Messages.text(given, "provider");
    if (!ready.path("ready").isBoolean()
        || runtime.isEmpty()
        || version.isEmpty()
        || provider.isEmpty()) {
      throw peer.fail(
          "began with a line that has no 'ready' and no 'fingerprint' with 'runtime', 'version' and"
              + " 'provider': "
              + Printable.quoted(ready.toString()));
    }
    var properties = new LinkedHashMap<String, String>();
    if (name.kind().settings() == RunnerKind.Settings.LEVEL_AND_THREADS) {
      properties.putAll(name.properties());
    }
    properties.putAll(Messages.properties(given.path("properties")));
    properties.putAll(Machine.properties());
    return new RunnerFingerprint(runtime.get(), version.get(), provider.get(), properties);
  }

  private RunnerException unready(JsonNode ready) {
    var problem =
        "%s: %s".formatted(name.shown(), Messages.text(ready, "error").orElse("no reason"));
    var install = Messages.text(ready, "install");
    return install.isPresent()
        ? new MissingRunnerException(problem, install.get())
        : new RunnerException(problem);
  }

  private JsonNode object(String line, String phase) {
    return Messages.object(line)
        .orElseThrow(
            () ->
                peer.fail(
                    "answered with a line that is no JSON object while %s: %s"
                        .formatted(phase, Printable.quoted(line))));
  }

  /** Sends a request and waits until it is done. */
  private void request(ObjectNode request, Duration limit, String phase) {
    var answer = object(peer.ask(request, limit, phase), phase);
    if (!answer.path("ok").isBoolean()) {
      throw peer.fail(
          "answered without 'ok' while %s: %s"
              .formatted(phase, Printable.quoted(answer.toString())));
    }
    if (!answer.path("ok").booleanValue()) {
      throw new RunnerException(
          "%s: %s".formatted(name.shown(), Messages.text(answer, "error").orElse("no reason")));
    }
  }

  @Override
  public String name() {
    return name.text();
  }

  @Override
  public RunnerFingerprint fingerprint() {
    return fingerprint;
  }

  @Override
  public LoadedModel load(Path model) {
    peer.checkAlive();
    int id = ++models;
    try {
      var declared = DeclaredOutputs.read(model);
      request(Messages.load(id, model, name), limits.loadTime(), "loading a model");
      return new ProcessModel(this, id, declared);
    } catch (InputException e) {
      throw new RunnerException("%s: %s".formatted(name.shown(), e.getMessage()), e);
    }
  }

  String shownName() {
    return name.shown();
  }

  RunnerFolder folder() {
    return peer.folder();
  }

  void run(ObjectNode request) {
    request(request, limits.runTime(), "running a model");
  }

  /** The exception for a result that is not as agreed; the process is killed. */
  RunnerException broken(String problem) {
    return peer.fail("returned a wrong result: " + problem);
  }

  long resultBytes() {
    return limits.resultBytes();
  }

  /** Frees a model; a process that cannot do that is killed. */
  void unload(int id) {
    try {
      peer.checkAlive();
      request(Messages.unload(id), limits.startTime(), "freeing a model");
    } catch (RunnerException e) {
      // The process has failed before, or now; the next call reports the reason.
    }
  }

  @Override
  public void close() {
    peer.end(Messages.exit());
    peer.close();
  }
}
