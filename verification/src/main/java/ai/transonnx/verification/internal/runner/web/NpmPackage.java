package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.internal.runner.ChildProcess;
import ai.transonnx.verification.internal.runner.Launch;
import ai.transonnx.verification.internal.runner.Programs;
import ai.transonnx.verification.internal.runner.RunnerFolder;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * An npm package that may be installed. Immutable, so threads may share it.
 *
 * @param name such as {@code onnxruntime-node}
 * @param install the command that installs it
 */
record NpmPackage(String name, String install) {
  /** Its installation would download libraries for CUDA. */
  static final NpmPackage NODE =
      new NpmPackage(
          "onnxruntime-node", "npm install onnxruntime-node --onnxruntime-node-install=skip");

  static final NpmPackage WEB = new NpmPackage("onnxruntime-web", "npm install onnxruntime-web");

  /** A folder {@code node_modules} that has the packages. */
  static final String VARIABLE = "TRANSONNX_NODE_MODULES";

  private static final Programs NPM = new Programs("TRANSONNX_NPM", List.of("npm"));
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * The folder of the package: in the folder that the variable names, in {@code node_modules} of
   * the current folder, or among the packages that are installed for all projects.
   *
   * @param environment has the variable and PATH
   * @param runner needs the package
   * @throws MissingRunnerException if it is in none of them
   */
  Path find(RunnerName runner, Map<String, String> environment) {
    var named = environment.getOrDefault(VARIABLE, "");
    var folders =
        Stream.<Supplier<Optional<Path>>>of(
            () -> path(named), () -> path("node_modules"), () -> ofAllProjects(environment));
    return folders
        .flatMap(folder -> folder.get().stream())
        .map(folder -> folder.resolve(name))
        .filter(folder -> Files.isRegularFile(folder.resolve("package.json")))
        .findFirst()
        .orElseThrow(
            () ->
                new MissingRunnerException(
                    "%s: there is no package %s in ./node_modules, in npm's global folder, or in the folder that %s names"
                        .formatted(runner.shown(), name, VARIABLE),
                    install));
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The folder that npm prints, if npm is installed. */
  private static Optional<Path> ofAllProjects(Map<String, String> environment) {
    var npm = NPM.find(environment);
    if (npm.isEmpty()) {
      return Optional.empty();
    }
    var launch = Launch.of(List.of(npm.get().toString(), "root", "--global"));
    try (var folder = RunnerFolder.create();
        var process = ChildProcess.start("npm", folder, launch)) {
      return path(process.read(LIMIT, "finding its packages"));
    } catch (IOException | RunnerException e) {
      return Optional.empty();
    }
  }
}
