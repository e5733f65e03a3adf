package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.documents.Document;
import ai.transonnx.documents.Document.Block;
import ai.transonnx.documents.JavaBlocks;
import ai.transonnx.documents.MavenText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code in every document. Commands are parsed by {@code DocumentedCommandsTest} of cli; Java
 * that uses the clients of other libraries is compiled in server and spark.
 */
class DocumentsTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A link to a file of this project, to a heading of it, or to one of the same document. */
  private static final Pattern LINK =
      Pattern.compile("(?<!`)\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([\\w-]+))?\\)");

  private static final Set<String> LANGUAGES =
      Set.of("java", "json", "xml", "python", "javascript", "sh", "text");

  /** The imports and variables that blocks use without declaring them. */
  private static final String IMPORTS =
      Stream.of(
              "ai.transonnx.architecture",
              "ai.transonnx.djl",
              "ai.transonnx.djl.serving",
              "ai.transonnx.export",
              "ai.transonnx.format",
              "ai.transonnx.runtime",
              "ai.transonnx.runtime.device",
              "ai.transonnx.runtime.embedding",
              "ai.transonnx.runtime.generation",
              "ai.transonnx.runtime.sampling",
              "ai.transonnx.runtime.serving",
              "ai.transonnx.runtime.text",
              "ai.transonnx.server",
              "java.nio.file",
              "java.time",
              "java.util")
          .map("import %s.*;\n"::formatted)
          .reduce("", String::concat);

  private static final String VARIABLES =
      """
      Architecture architecture;
      GraphRequest request;
      OnnxModel model, eyes, mouth, pali, recurrent;
      Tensor image, caption, prompt, text, kept;
      List<StateTensor> memory;
      List<Tensor> segments;
      Map<String, Tensor> inputs;
      Tokenizer tokenizer;
      long[] tokens;
      Path weights, output;
      """;

  @TempDir private Path folder;

  private static List<Block> blocks(String language) throws IOException {
    var blocks = new ArrayList<Block>();
    for (var document : Document.all()) {
      document.fenced().stream()
          .filter(block -> block.language().equals(language))
          .forEach(blocks::add);
    }
    return blocks;
  }

  private static List<String> problems(List<Block> blocks, Predicate<Block> isRight) {
    return blocks.stream().filter(isRight.negate()).map(Block::location).toList();
  }

  @Test
  void everyBlockBetweenFencesNamesALanguage() throws IOException {
    for (var document : Document.all()) {
      var unnamed = problems(document.fenced(), block -> LANGUAGES.contains(block.language()));
      assertEquals(List.of(), unnamed, "languages can be " + LANGUAGES);
    }
  }

  @Test
  void everyGuideIsListed() throws IOException {
    var list = Files.readString(Path.of("../docs/README.md"));
    try (var guides = Files.list(Path.of("../docs"))) {
      var missing =
          guides
              .map(guide -> guide.getFileName().toString())
              .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
              .filter(name -> !list.contains("](" + name + ")"))
              .toList();
      assertEquals(List.of(), missing);
    }
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    var broken = new ArrayList<String>();
    for (var document : Document.all()) {
      for (var match : LINK.matcher(Files.readString(document.path())).results().toList()) {
        var file = match.group(1);
        var target =
            file.isEmpty() ? document.path() : document.path().resolveSibling(file).normalize();
        var heading = match.group(2);
        if (!Files.exists(target) || (heading != null && !headings(target).contains(heading))) {
          broken.add(document.path() + ": " + match.group());
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  /** The anchors that GitHub makes of headings. */
  private static List<String> headings(Path document) throws IOException {
    return Files.readAllLines(document).stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\w -]", "").strip().replace(' ', '-'))
        .toList();
  }

  @Test
  void javaCompiles() throws IOException {
    var java = new JavaBlocks(IMPORTS, VARIABLES, folder);
    for (var document : Document.all()) {
      java.add(document);
    }
    assertTrue(java.count() > 20, () -> java.count() + " blocks");
    java.assertCompile();
  }

  @Test
  void jsonIsJson() throws IOException {
    assertEquals(List.of(), problems(blocks("json"), block -> isJson(block.text())));
  }

  @Test
  void indentedObjectsAreJson() throws IOException {
    var objects = new ArrayList<Block>();
    for (var document : Document.all()) {
      document.indented().stream()
          .filter(block -> block.text().startsWith("{") && !block.text().contains("..."))
          .forEach(objects::add);
    }
    assertTrue(objects.size() > 3, objects::toString);
    assertEquals(
        List.of(),
        problems(
            objects,
            block -> isJson(block.text()) || block.text().lines().allMatch(DocumentsTest::isJson)));
  }

  private static boolean isJson(String text) {
    try {
      return !JSON.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  @Test
  void mavensCoordinatesAreThoseOfTheBuild() throws Exception {
    var problems = new ArrayList<String>();
    for (var block : blocks("xml")) {
      MavenText.problems(block.text())
          .forEach(line -> problems.add(block.location() + ": " + line));
    }
    assertEquals(List.of(), problems);
  }

  @Test
  void commandsOfMavenNameProfilesModulesAndTestsThatExist() throws Exception {
    var problems = new ArrayList<String>();
    for (var document : Document.all()) {
      for (var block :
          Stream.concat(document.indented().stream(), document.fenced().stream()).toList()) {
        MavenText.commandProblems(block.text())
            .forEach(line -> problems.add(block.location() + ": " + line));
      }
    }
    assertEquals(List.of(), problems);
  }

  @Test
  void pythonCompiles() throws Exception {
    var named = System.getenv().getOrDefault("TRANSONNX_PYTHON", "python3");
    assertParsed(
        blocks("python"),
        ".py",
        named,
        "-c",
        "import sys; [compile(open(p).read(), p, 'exec') for p in sys.argv[1:]]");
  }

  @Test
  void javaScriptIsParsed() throws Exception {
    var named = System.getenv().getOrDefault("TRANSONNX_NODE", "node");
    for (var block : blocks("javascript")) {
      assertParsed(List.of(block), ".mjs", named, "--check");
    }
  }

  private void assertParsed(List<Block> blocks, String ending, String... command) throws Exception {
    var words = new ArrayList<>(List.of(command));
    for (var block : blocks) {
      var name = block.location().replaceAll("\\W+", "_") + ending;
      words.add(Files.writeString(folder.resolve(name), block.text()).toString());
    }
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort(command[0] + " is not installed");
      return;
    }
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
  }
}
