package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The jar for spark-submit, which Maven has packaged before; without it, the tests are skipped. */
@Tag("cluster")
class PackagedJarTest {
  /** The library that NOTICE has to name for classes whose names begin like this. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "ai/onnxruntime/", "onnxruntime",
          "ai/djl/huggingface/", "tokenizers",
          "ai/transonnx/shaded/jackson/annotation/", "jackson-annotations",
          "ai/transonnx/shaded/jackson/core/", "jackson-core",
          "ai/transonnx/shaded/jackson/databind/", "jackson-databind",
          "ai/transonnx/shaded/protobuf/", "protobuf-java",
          "org/jspecify/", "jspecify");

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(path().toFile());
  }

  @AfterEach
  void close() throws IOException {
    if (jar != null) {
      jar.close();
    }
  }

  private static Path path() throws IOException {
    var target = Path.of("target");
    try (var files = Files.isDirectory(target) ? Files.list(target) : Stream.<Path>empty()) {
      var all = files.filter(file -> file.toString().endsWith("-all.jar")).findFirst();
      assumeTrue(all.isPresent(), "package the module first: mvn package -pl spark -am");
      return all.get();
    }
  }

  private String text(String name) throws IOException {
    try (var input = jar.getInputStream(jar.getEntry(name))) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The library of a class, or the class's own name if it belongs to none of them. */
  private static String library(String name) {
    return LIBRARIES.entrySet().stream()
        .filter(library -> name.startsWith(library.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(name);
  }

  @Test
  void noticeNamesTheLibraryOfEveryClass() throws IOException {
    var bundled =
        jar.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.endsWith(".class"))
            .filter(
                name -> !name.matches("ai/transonnx/((format|runtime|spark|tokenizers)/.*|[^/]*)"))
            .map(PackagedJarTest::library)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(LIBRARIES.values()), bundled);
    var notice = text("META-INF/NOTICE");
    for (var library : bundled) {
      assertTrue(Pattern.compile("\\b" + library + "[,:]").matcher(notice).find(), library);
    }
    assertTrue(text("META-INF/LICENSE").contains("Apache License"));
  }

  @Test
  void itsManifestHasTheVersion() throws IOException {
    var version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    var file = Path.of(jar.getName()).getFileName().toString();
    assertEquals("transonnx-spark-" + version + "-all.jar", file);
  }

  @Test
  void itHasNothingThatSparkProvides() {
    assertTrue(jar.stream().noneMatch(entry -> entry.getName().matches("(org/slf4j|scala)/.*")));
  }
}
