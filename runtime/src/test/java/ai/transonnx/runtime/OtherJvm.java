package ai.transonnx.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A JVM that has not loaded the library, because each JVM tries to load it only once. */
final class OtherJvm {
  static final Path JAVA = Path.of(System.getProperty("java.home", ""), "bin", "java");

  private OtherJvm() {}

  /** The lines that a class's main method prints, with this JVM's class path. */
  static List<String> lines(
      List<String> options,
      Consumer<Map<String, String>> environment,
      Class<?> main,
      String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(JAVA.toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    environment.accept(builder.environment());
    try (var lines = builder.start().inputReader(UTF_8)) {
      return lines.lines().toList();
    }
  }
}
