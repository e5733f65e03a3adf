package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds installed programs. Threads may use this class at once.
 *
 * @param variable the variable whose value is the program, if it is set
 * @param names the file names of the program, of which the first one found is used
 */
public record Programs(String variable, List<String> names) {
  private static final List<String> ENDINGS = List.of("", ".exe", ".cmd");

  public Programs {
    names = List.copyOf(names);
  }

  /** Finds the program in this process's environment. */
  public Optional<Path> find() {
    return find(System.getenv());
  }

  /**
   * Finds the program.
   *
   * @throws InputException if the variable names a file that is no program
   */
  public Optional<Path> find(Map<String, String> environment) {
    var chosen = environment.getOrDefault(variable, "");
    if (!chosen.isEmpty()) {
      return Optional.of(
          path(chosen)
              .filter(Programs::isProgram)
              .orElseThrow(
                  () ->
                      new InputException(
                          "%s is %s, which is no program".formatted(variable, chosen))));
    }
    var folders = environment.getOrDefault("PATH", "").split(File.pathSeparator, -1);
    return names.stream()
        .flatMap(name -> Stream.of(folders).flatMap(folder -> candidates(folder, name)))
        .filter(Programs::isProgram)
        .findFirst();
  }

  private static Stream<Path> candidates(String folder, String name) {
    return folder.isEmpty()
        ? Stream.empty()
        : path(folder).stream()
            .flatMap(path -> ENDINGS.stream().map(ending -> path.resolve(name + ending)));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** The locations where the program is searched, for a message. */
  public String places() {
    return "neither %s is set, nor is %s in the PATH"
        .formatted(variable, String.join(" or ", names));
  }
}
