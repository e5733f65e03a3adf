package ai.transonnx.verification.runner;

import ai.transonnx.InputException;
import ai.transonnx.verification.internal.runner.RunnerKinds;
import ai.transonnx.verification.internal.runner.RunnerName;
import java.util.List;

/**
 * Opens runtimes by their names, which {@code transonnx verify --on} takes.
 *
 * <table>
 *   <caption>Names</caption>
 *   <tr><th>name</th><th>runtime</th></tr>
 *   <tr><td>{@code cpu}</td><td>ONNX Runtime in this process</td></tr>
 *   <tr><td>{@code cuda[:N]}, {@code tensorrt}, {@code openvino:GPU} ...</td>
 *       <td>the same, on a {@linkplain ai.transonnx.runtime.device.Device#parse device}</td></tr>
 *   <tr><td>{@code ort-java:VERSION}, {@code ort-java:FILE.jar}</td>
 *       <td>ONNX Runtime Java of a version from 1.13 on, from Maven's local repository or a jar, in a
 *       JVM of its own</td></tr>
 *   <tr><td>{@code djl}</td>
 *       <td>the Deep Java Library with its own ONNX Runtime, in a JVM of its own</td></tr>
 *   <tr><td>{@code python}</td><td>Python's package {@code onnxruntime}</td></tr>
 *   <tr><td>{@code onnx-reference}</td>
 *       <td>the reference evaluator of Python's package {@code onnx}</td></tr>
 *   <tr><td>{@code node}</td>
 *       <td>the npm package onnxruntime-node, in a process of Node</td></tr>
 *   <tr><td>{@code web-wasm}, {@code web-webgpu}</td>
 *       <td>the npm package onnxruntime-web, in a page of Chromium</td></tr>
 *   <tr><td>{@code exec:COMMAND}</td>
 *       <td>any program that has the protocol of docs/runners.md; the command is the rest of the
 *       list, with its commas; blanks separate its words, and quotes keep blanks</td></tr>
 * </table>
 *
 * <p>A level of graph optimization and a number of threads may follow, each after a colon: {@code
 * cpu:basic}, {@code cpu:threads=1}, {@code python:none:threads=2}; not for {@code onnx-reference}
 * and {@code exec}. The levels are {@code none}, {@code basic}, {@code extended} and {@code all},
 * which is the default; in {@link #names}, {@code *} is each of them.
 *
 * <pre>{@code
 * Runners.names("cpu:*,cuda"); // [cpu:none, cpu:basic, cpu:extended, cpu:all, cuda]
 * try (ModelRunner runner = Runners.open("cpu:basic:threads=1");
 *     LoadedModel model = runner.load(Path.of("model.onnx"))) {
 *   model.run(Map.of("tokens", tokens), Set.of("logits")).get("logits");
 * }
 * Runners.open("cpuu"); // InputException: there is no runtime 'cpuu'; did you mean 'cpu'?
 * }</pre>
 *
 * <p>Threads may use this class at once; each runner is for one of them.
 */
public final class Runners {
  private Runners() {}

  /**
   * The names in a list that is separated by commas, without repetitions, in its order.
   *
   * @throws InputException if one is not the name of a runtime; the message has the nearest
   */
  public static List<String> names(String list) {
    return RunnerName.parseAll(list).stream().map(RunnerName::text).distinct().toList();
  }

  /** The forms of names, such as {@code cuda[:N][:LEVEL][:threads=N]}. */
  public static List<String> forms() {
    return RunnerKinds.forms();
  }

  /** Opens a runtime with {@link RunnerOptions#defaults}. */
  public static ModelRunner open(String name) {
    return open(name, RunnerOptions.defaults());
  }

  /**
   * Opens a runtime.
   *
   * @throws InputException if {@code name} is not the name of one runtime
   * @throws MissingRunnerException if it is not installed
   * @throws RunnerException if it is installed but does not start
   */
  public static ModelRunner open(String name, RunnerOptions options) {
    var parsed = RunnerName.parse(name);
    return parsed.kind().opener().open(parsed, options);
  }
}
