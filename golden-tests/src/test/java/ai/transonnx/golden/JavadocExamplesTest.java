package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc of runtime and djl compile. */
class JavadocExamplesTest {
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "<pre>\\{@code(.*?)\\n \\*\\s*}</pre>|<pre>\\{@code(.*?)}</pre>", Pattern.DOTALL);

  /** The imports and variables that examples use without declaring them. */
  private static final String PRELUDE =
      """
      import ai.transonnx.djl.*;
      import ai.transonnx.djl.serving.*;
      import ai.transonnx.runtime.*;
      import ai.transonnx.runtime.device.*;
      import ai.transonnx.runtime.embedding.*;
      import ai.transonnx.runtime.generation.*;
      import ai.transonnx.runtime.quality.*;
      import ai.transonnx.runtime.sampling.*;
      import ai.transonnx.runtime.scoring.*;
      import ai.transonnx.runtime.serving.*;
      import ai.transonnx.runtime.text.*;
      import ai.transonnx.server.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;

      class Examples {
        OnnxModel model;
        Map<String, Tensor> inputs;
        Set<String> outputs;
        long[][] tokens;
        long[][] prompts;
        QualityReport report;
      """;

  @TempDir private Path classes;

  @Test
  void everyExampleCompiles() throws IOException {
    var source = new StringBuilder(PRELUDE);
    int examples = 0;
    for (var module : List.of("runtime", "server", "djl")) {
      for (var file : sources(Path.of("..", module, "src/main/java"))) {
        var matcher = EXAMPLE.matcher(Files.readString(file));
        while (matcher.find()) {
          var code = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
          source
              .append("  // ")
              .append(file.getFileName())
              .append("\n  void example")
              .append(examples++)
              .append("() throws Exception {")
              .append(code.replaceAll("\\n *\\*", "\n"))
              .append("\n  }\n");
        }
      }
    }
    assertTrue(examples > 10, "examples found");
    compile(source.append("}\n").toString());
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(files.filter(file -> file.toString().endsWith(".java")).toList());
    }
  }

  private void compile(String code) {
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///Examples.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    var problems = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler.getTask(null, null, problems, options, null, List.of(source)).call();
    assertTrue(
        compiled,
        () ->
            problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> line(code, problem.getLineNumber()) + ": " + problem)
                .collect(Collectors.joining("\n")));
  }

  private static String line(String code, long number) {
    return code.lines().skip(number - 1).findFirst().orElse("");
  }
}
