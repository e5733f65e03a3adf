package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Javadoc of exported types in the modules that build and export graphs. */
class ThreadSafetyDocumentedTest {
  /** The declaration of a top-level type, with the Javadoc before it if there is one. */
  private static final Pattern TYPE =
      Pattern.compile(
          "(?:^/\\*\\*((?:(?!\\*/).)*)\\*/\\n)?(?:^@[^\\n]*\\n)*"
              + "^public (?:(?:sealed|non-sealed|final|abstract) )*"
              + "(?:class|interface|record|enum) (\\w+)",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern SENTENCE = Pattern.compile("\\b(?i:immutable|threads?)\\b");

  /** Exceptions need no sentence: they belong to the thread that catches them. */
  private static boolean isSilent(String source) {
    var type = TYPE.matcher(source);
    return type.find()
        && !type.group(2).endsWith("Exception")
        && (type.group(1) == null || !SENTENCE.matcher(type.group(1)).find());
  }

  private static List<Path> exportedSources(String module) throws IOException {
    try (var files = Files.walk(Path.of("..", module, "src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("internal"))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"builder", "export"})
  void publicTypesSayWhetherThreadsMayShareThem(String module) throws IOException {
    var sources = exportedSources(module);
    assertTrue(sources.stream().anyMatch(file -> file.endsWith("package-info.java")));
    var silent = new TreeSet<String>();
    for (var file : sources) {
      if (isSilent(Files.readString(file))) {
        silent.add(file.toString());
      }
    }
    assertEquals(new TreeSet<>(), silent, "Javadoc without thread safety");
  }
}
