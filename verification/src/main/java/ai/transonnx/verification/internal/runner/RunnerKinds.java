package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import ai.transonnx.runtime.device.Provider;
import ai.transonnx.verification.internal.runner.web.NodeRunner;
import ai.transonnx.verification.internal.runner.web.WebRunner;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every kind of runtime. Immutable, so threads may share it. */
public final class RunnerKinds {
  private static final List<RunnerKind> ALL =
      Stream.of(
              Stream.of(
                  RunnerKind.tuned("cpu", NativeRunner::open),
                  RunnerKind.tuned("cuda", "[:N]", NativeRunner::open)),
              Stream.of(Provider.values())
                  .map(
                      provider ->
                          RunnerKind.tuned(provider.toString(), "[:DEVICE]", NativeRunner::open)),
              Stream.of(
                  RunnerKind.tuned("ort-java", ":VERSION", JavaRunner::openOnnxRuntime),
                  RunnerKind.tuned("djl", JavaRunner::openDjl),
                  RunnerKind.tuned("python", PythonRunner::openOnnxRuntime),
                  RunnerKind.fixed("onnx-reference", "", PythonRunner::openReference),
                  RunnerKind.tuned("node", NodeRunner::open),
                  RunnerKind.tuned("web-wasm", WebRunner::openWasm),
                  RunnerKind.tuned("web-webgpu", WebRunner::openWebGpu),
                  RunnerKind.fixed("exec", ":COMMAND", ExecRunner::open)))
          .flatMap(Function.identity())
          .toList();

  private static final Map<String, RunnerKind> BY_NAME =
      ALL.stream().collect(Collectors.toMap(RunnerKind::name, Function.identity()));

  private RunnerKinds() {}

  /** The forms of all names. */
  public static List<String> forms() {
    return ALL.stream().map(RunnerKind::form).toList();
  }

  /** The first parts of all names, separated by commas. */
  static String names() {
    return ALL.stream().map(RunnerKind::name).collect(Collectors.joining(", "));
  }

  /**
   * The kind named {@code name}.
   *
   * @throws InputException if there is none; the message has the nearest, or all
   */
  static RunnerKind named(String name) {
    var kind = BY_NAME.get(name);
    if (kind == null) {
      throw new InputException(
          "there is no runtime %s; %s"
              .formatted(
                  Printable.quoted(name),
                  Spelling.nearest(name.toLowerCase(Locale.ROOT), BY_NAME.keySet())
                      .map("did you mean '%s'?"::formatted)
                      .orElseGet(() -> "possible are " + names())));
    }
    return kind;
  }
}
