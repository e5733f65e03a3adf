package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import ai.transonnx.runtime.internal.worker.DjlWorker;
import ai.transonnx.runtime.internal.worker.OrtWorker;
import ai.transonnx.runtime.internal.worker.WorkerClasses;
import ai.transonnx.verification.internal.runner.LocalRepository.Jar;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs models in a JVM of their own: the program of this one, with other jars. */
final class JavaRunner {
  /** The version of DJL that the module {@code djl} uses. */
  static final String DJL = "0.38.0";

  private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z._-]{0,63}");
  private static final String JAR = ".jar";
  private static final int NATIVE_ACCESS_OPTION = 22;

  private static final Jar DJL_ENGINE = new Jar("ai.djl.onnxruntime", "onnxruntime-engine", DJL);

  /** The engine and the jars that it needs, in the versions that it declares. */
  static final List<Jar> DJL_JARS =
      List.of(
          DJL_ENGINE,
          new Jar("ai.djl", "api", DJL),
          onnxRuntime("1.21.1"),
          new Jar("com.google.code.gson", "gson", "2.13.1"),
          new Jar("net.java.dev.jna", "jna", "5.17.0"),
          new Jar("org.slf4j", "slf4j-api", "2.0.17"));

  private JavaRunner() {}

  private static Jar onnxRuntime(String version) {
    return new Jar("com.microsoft.onnxruntime", "onnxruntime", version);
  }

  /** Opens a version of ONNX Runtime Java from the local repository, or from the path of a jar. */
  static ModelRunner openOnnxRuntime(RunnerName name, RunnerOptions options) {
    var target = name.target();
    return target.endsWith(JAR)
        ? start(name, options, OrtWorker.class, List.of(file(name)), "unknown")
        : start(name, options, OrtWorker.class, List.of(ofVersion(name)), target);
  }

  private static Path file(RunnerName name) {
    try {
      var file = Path.of(name.target()).toAbsolutePath();
      if (Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // No file has such a name.
    }
    throw new InputException(name.shown() + ": there is no such jar");
  }

  private static Path ofVersion(RunnerName name) {
    if (!VERSION.matcher(name.target()).matches()) {
      throw new InputException(
          "runtime '%s' needs a version, such as ort-java:1.13.1, or the path of a jar"
              .formatted(name.shown()));
    }
    var jar = onnxRuntime(name.target());
    return LocalRepository.find().jar(name.shown(), jar, jar);
  }

  /** Opens DJL with its own ONNX Runtime. */
  static ModelRunner openDjl(RunnerName name, RunnerOptions options) {
    var repository = LocalRepository.find();
    var jars = DJL_JARS.stream().map(jar -> repository.jar(name.shown(), jar, DJL_ENGINE)).toList();
    return start(name, options, DjlWorker.class, jars, DJL);
  }

  private static ModelRunner start(
      RunnerName name, RunnerOptions options, Class<?> worker, List<Path> jars, String version) {
    return ProcessRunner.start(
        name,
        options,
        folder -> {
          var classes = folder.jar("worker.jar", WorkerClasses.all());
          var classPath =
              Stream.concat(jars.stream(), Stream.of(classes))
                  .map(Path::toString)
                  .collect(Collectors.joining(File.pathSeparator));
          var command = new ArrayList<String>();
          command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
          command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
          command.add("-Djava.io.tmpdir=" + folder.temporary());
          if (Runtime.version().feature() >= NATIVE_ACCESS_OPTION) {
            command.add("--enable-native-access=ALL-UNNAMED");
          }
          // DJL must not download anything, and not report its use.
          command.addAll(List.of("-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true"));
          command.addAll(List.of("-cp", classPath, worker.getName(), version));
          return new Launch(command, Map.of("DJL_CACHE_DIR", folder.temporary().toString()));
        });
  }
}
