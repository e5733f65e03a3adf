package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.verification.runner.MissingRunnerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maven's local repository, where jars are found, and never downloaded to.
 *
 * @param folder the repository's folder
 */
record LocalRepository(Path folder) {
  private static final String PROPERTY = "maven.repo.local";
  private static final Pattern OPTION = Pattern.compile("-D" + PROPERTY + "=(\\S+)");
  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
  private static final Pattern SETTING =
      Pattern.compile("<localRepository>\\s*([^<]+?)\\s*</localRepository>");
  private static final int MAX_SETTINGS = 1 << 20;

  /**
   * A jar.
   *
   * @param group such as {@code com.microsoft.onnxruntime}
   */
  record Jar(String group, String artifact, String version) {
    private Path path(Path repository) {
      return repository
          .resolve(group.replace('.', '/'))
          .resolve(artifact)
          .resolve(version)
          .resolve("%s-%s.jar".formatted(artifact, version));
    }

    /** The command that downloads the jar and those that it depends on. */
    String install() {
      return "mvn dependency:get -Dartifact=%s:%s:%s".formatted(group, artifact, version);
    }
  }

  /** The repository of this user, as Maven finds it. */
  static LocalRepository find() {
    return find(
        System.getProperty(PROPERTY),
        System.getenv(),
        Path.of(System.getProperty("user.home", ""), ".m2"));
  }

  /**
   * Finds the repository.
   *
   * @param property the value of {@code maven.repo.local}, or null
   * @param home the folder with the user's settings
   */
  static LocalRepository find(
      @Nullable String property, Map<String, String> environment, Path home) {
    return new LocalRepository(
        Optional.ofNullable(property)
            .or(() -> option(environment.getOrDefault("MAVEN_ARGS", "")))
            .or(() -> option(environment.getOrDefault("MAVEN_OPTS", "")))
            .or(() -> setting(home.resolve("settings.xml")))
            .flatMap(text -> path(expanded(text, environment)))
            .orElse(home.resolve("repository")));
  }

  private static Optional<String> option(String options) {
    var matcher = OPTION.matcher(options);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<String> setting(Path file) {
    try (var input = PlainFile.stream(file)) {
      var text = new String(input.readNBytes(MAX_SETTINGS), StandardCharsets.UTF_8);
      var matcher = SETTING.matcher(COMMENT.matcher(text).replaceAll(""));
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String expanded(String text, Map<String, String> environment) {
    var expanded = text.replace("${user.home}", System.getProperty("user.home", ""));
    for (var variable : environment.entrySet()) {
      expanded = expanded.replace("${env." + variable.getKey() + "}", variable.getValue());
    }
    return expanded;
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The path of a jar.
   *
   * @param runner the runner that needs it, for the message
   * @param origin the jar that is downloaded together with it
   * @throws MissingRunnerException if it is not in the repository
   */
  Path jar(String runner, Jar jar, Jar origin) {
    return Stream.of(jar.path(folder))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new MissingRunnerException(
                    "%s: there is no %s".formatted(runner, jar.path(folder)), origin.install()));
  }
}
