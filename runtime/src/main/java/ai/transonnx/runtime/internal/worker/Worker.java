package ai.transonnx.runtime.internal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers requests until the program that started this one requests the end, or has ended. */
final class Worker {
  private final WorkerRuntime runtime;
  private final PrintStream answers;
  private final Map<Long, WorkerRuntime.Loaded> models = new HashMap<>();

  private Worker(WorkerRuntime runtime, PrintStream answers) {
    this.runtime = runtime;
    this.answers = answers;
  }

  /** Whatever a library prints must not disturb the protocol. */
  static void serve(WorkerRuntime runtime) throws Exception {
    var answers = System.out;
    System.setOut(System.err);
    new Worker(runtime, answers).serve();
  }

  /** The fingerprint of a runtime on the CPU. */
  static Map<String, Object> fingerprint(
      String runtime, String version, Map<String, Object> properties) {
    return Map.of(
        "runtime", runtime,
        "version", version,
        "provider", "CPUExecutionProvider",
        "properties", properties);
  }

  private void serve() throws Exception {
    answer(Map.of("ready", true, "fingerprint", runtime.fingerprint()));
    var requests = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (var line = requests.readLine(); line != null; line = requests.readLine()) {
      var request = Json.object(Json.parse(line));
      var operation = Json.text(request, "op");
      if (operation.equals("exit")) {
        return;
      }
      try {
        perform(operation, request);
        answer(Map.of("ok", true));
      } catch (Exception | LinkageError e) {
        var problem = new LinkedHashMap<String, Object>();
        problem.put("ok", false);
        problem.put("error", reason(e));
        answer(problem);
      }
    }
  }

  private void answer(Map<String, Object> message) throws IOException {
    answers.println(Json.text(message));
    if (answers.checkError()) {
      throw new IOException("nobody reads the answers");
    }
  }

  /** The reason of a failure; those of reflection have a cause that tells more. */
  private static String reason(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  private void perform(String operation, Map<String, Object> request) throws Exception {
    long id = Json.number(request, "id");
    switch (operation) {
      case "load" -> models.put(id, load(request));
      case "unload" -> {
        model(id).close();
        models.remove(id);
      }
      case "run" -> run(model(id), request);
      default -> throw new IllegalArgumentException("unknown operation " + operation);
    }
  }

  private WorkerRuntime.Loaded model(long id) {
    var model = models.get(id);
    if (model == null) {
      throw new IllegalArgumentException("there is no model " + id);
    }
    return model;
  }

  private WorkerRuntime.Loaded load(Map<String, Object> request) throws Exception {
    var options = Json.object(request.getOrDefault("options", Map.of()));
    return runtime.load(
        Path.of(Json.text(request, "model")),
        (String) options.getOrDefault("level", "all"),
        Math.toIntExact((Long) options.getOrDefault("threads", 0L)));
  }

  private static void run(WorkerRuntime.Loaded model, Map<String, Object> request)
      throws Exception {
    var inputs = WorkerTensors.read(Path.of(Json.text(request, "inputs")));
    var outputs = model.run(inputs, new HashSet<>(Json.texts(request, "outputs")));
    WorkerTensors.write(Path.of(Json.text(request, "result")), outputs);
  }
}
