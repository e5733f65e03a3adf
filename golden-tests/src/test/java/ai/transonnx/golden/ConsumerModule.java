package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * The module in {@code src/test/consumer}: a program on the module path, which sees exported
 * packages only. In its classes, each line of four slashes is replaced by the next Java block of a
 * document.
 */
record ConsumerModule(Path folder) {
  private static final Path SOURCES = Path.of("src/test/consumer");
  private static final Path PROCESSOR = Path.of("../config-builders/target/classes");
  private static final String PLACEHOLDER = "    ////\n";

  /** Entries of the class path that only tests use. */
  private static final Predicate<String> TESTS =
      entry ->
          entry.endsWith("test-classes")
              || entry.endsWith("-tests.jar")
              || entry.matches(
                  ".*/(org/junit|org/opentest4j|org/apiguardian|com/tngtech|com/code-intelligence)/.*");

  /** The source of a class with the document's blocks inserted. */
  private static String completed(Path template, Path document) throws IOException {
    var text = Files.readString(template);
    var blocks = new DocumentedCode(document).blocks("java");
    int placeholders = text.split(PLACEHOLDER, -1).length - 1;
    if (placeholders == 1) {
      blocks = List.of(String.join("\n", blocks));
    }
    assertTrue(
        placeholders == blocks.size(), document + " has " + blocks.size() + " blocks of Java");
    var imports = new ArrayList<String>();
    for (var block : blocks) {
      var code =
          block
              .lines()
              .filter(line -> !line.startsWith("import ") || !imports.add(line))
              .map(line -> "    " + line + "\n")
              .collect(Collectors.joining());
      text = text.replaceFirst(PLACEHOLDER, Matcher.quoteReplacement(code));
    }
    var head = imports.stream().distinct().collect(Collectors.joining("\n", "\n", ""));
    return text.replaceFirst("(?m)^package .*$", "$0" + Matcher.quoteReplacement("\n" + head));
  }

  /** Compiles the module; a warning is a failure. */
  void compile() throws IOException {
    var sources = folder.resolve("sources");
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var copy = sources.resolve(SOURCES.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(
            copy,
            switch (file.getFileName().toString()) {
              case "Readme.java" -> completed(file, Path.of("../README.md"));
              case "JavaGuide.java" -> completed(file, Path.of("../docs/java.md"));
              case "DjlGuide.java" -> completed(file, Path.of("../docs/djl.md"));
              case "Examples.java" -> completed(file, Path.of("../docs/examples.md"));
              default -> Files.readString(file);
            });
      }
    }
    var problems = new DiagnosticCollector<JavaFileObject>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8);
        var files = Files.walk(sources)) {
      var units = manager.getJavaFileObjectsFromPaths(files.filter(Files::isRegularFile).toList());
      var options =
          List.of(
              "-Xlint:all,-processing,-requires-automatic,-classfile",
              "-d",
              classes().toString(),
              "--module-path",
              modulePath(),
              "--processor-module-path",
              PROCESSOR.toString());
      compiler.getTask(null, manager, problems, options, null, units).call();
    }
    assertTrue(
        problems.getDiagnostics().isEmpty(),
        () ->
            problems.getDiagnostics().stream()
                .map(Object::toString)
                .collect(Collectors.joining("\n")));
  }

  /** Runs the program in another JVM and returns its output. */
  String run(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                classes() + File.pathSeparator + modulePath(),
                "--module",
                "consumer/consumer.Program"));
    command.addAll(List.of(arguments));
    var output = folder.resolve("output.txt");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    var printed = Files.readString(output);
    assertTrue(status == 0, printed);
    return printed;
  }

  private Path classes() {
    return folder.resolve("classes");
  }

  /** The class path of the tests without test entries. */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(TESTS.negate())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
