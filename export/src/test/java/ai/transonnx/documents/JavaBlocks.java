package ai.transonnx.documents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.documents.Document.Block;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java of documents with the class path of the test. A block may use the imports and
 * variables that the test gives, and those of earlier blocks of its document.
 */
public final class JavaBlocks {
  private static final Pattern IMPORT =
      Pattern.compile("^import (static )?([\\w.]+?)(\\.\\*)?;\\n+", Pattern.MULTILINE);
  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:public |final |abstract |sealed )*(?:class|record|interface|enum) (\\w+)",
          Pattern.MULTILINE);

  private final String imports;
  private final String variables;
  private final Path classes;
  private final List<Block> blocks = new ArrayList<>();

  /**
   * No blocks.
   *
   * @param imports of all blocks, besides their own
   * @param variables fields that blocks use without declaring them
   * @param classes a folder for the classes
   */
  public JavaBlocks(String imports, String variables, Path classes) {
    this.imports = imports;
    this.variables = variables;
    this.classes = classes;
  }

  /**
   * Adds the Java of a document, but no block that imports a library which the test does not have.
   */
  public void add(Document document) throws IOException {
    document.fenced().stream()
        .filter(block -> block.language().equals("java") && !isForeign(block))
        .forEach(blocks::add);
  }

  /** The number of blocks that were added. */
  public int count() {
    return blocks.size();
  }

  private static boolean isForeign(Block block) {
    return IMPORT
        .matcher(block.text())
        .results()
        .filter(match -> match.group(1) == null && match.group(3) == null)
        .map(match -> match.group(2))
        .anyMatch(name -> !name.startsWith("ai.transonnx.") && !exists(name));
  }

  private static boolean exists(String name) {
    int dot = name.lastIndexOf('.');
    var file = name.replace('.', '/') + ".class";
    var nested = name.substring(0, dot).replace('.', '/') + "$" + name.substring(dot + 1);
    return ClassLoader.getSystemResource(file) != null
        || ClassLoader.getSystemResource(nested + ".class") != null;
  }

  /** Asserts that every block compiles, alone or after the earlier ones of its document. */
  public void assertCompile() {
    var alone = new ArrayList<Source>();
    blocks.forEach(block -> alone.add(source(block, List.of())));
    var failing = compile(alone).keySet();
    var joined = new ArrayList<Source>();
    for (var block : blocks) {
      boolean isType = TYPE.matcher(block.text()).find();
      if (failing.contains(block) || isType) {
        joined.add(source(block, isType ? List.of() : earlier(block)));
      }
    }
    var problems = compile(joined);
    assertTrue(problems.isEmpty(), () -> String.join("\n", problems.values()));
  }

  private List<Block> earlier(Block block) {
    return blocks.subList(0, blocks.indexOf(block)).stream()
        .filter(other -> other.document().equals(block.document()))
        .filter(other -> !TYPE.matcher(other.text()).find())
        .toList();
  }

  /** A block as a source file, in a package for its document. */
  private Source source(Block block, List<Block> before) {
    var place =
        "document."
            + block
                .document()
                .normalize()
                .toString()
                .replaceAll("[^\\w]+", "_")
                .replaceAll("^_", "");
    var type = TYPE.matcher(block.text());
    var own = IMPORT.matcher(block.text()).results().map(match -> match.group().strip());
    if (type.find()) {
      return new Source(block, place, type.group(1), "package " + place + ";\n" + block.text());
    }
    var name = "Block" + block.line();
    var head = new HashSet<String>();
    before.forEach(
        other -> IMPORT.matcher(other.text()).results().forEach(m -> head.add(m.group().strip())));
    own.forEach(head::add);
    var body =
        before.stream().map(other -> body(other)).collect(Collectors.joining("\n")) + body(block);
    return new Source(
        block,
        place,
        name,
        "package %s;\n%s\n%s\n@SuppressWarnings(\"all\") class %s {\n%s\nvoid run() throws Exception {\n%s\n}\n}\n"
            .formatted(place, imports, String.join("\n", head), name, variables, body));
  }

  private static String body(Block block) {
    return IMPORT.matcher(block.text()).replaceAll("");
  }

  /** The first problem of each source that does not compile. */
  private Map<Block, String> compile(List<Source> sources) {
    var found = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    var problems = new TreeMap<Block, String>((a, b) -> a.location().compareTo(b.location()));
    if (!sources.isEmpty()) {
      ToolProvider.getSystemJavaCompiler()
          .getTask(null, null, found, options, null, sources)
          .call();
    }
    for (var problem : found.getDiagnostics()) {
      if (problem.getKind() == Diagnostic.Kind.ERROR) {
        if (problem.getSource() instanceof Source source) {
          problems.putIfAbsent(source.block, source.describe(problem));
        } else {
          throw new AssertionError(problem);
        }
      }
    }
    return problems;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final Block block;
    private final String text;

    Source(Block block, String place, String name, String text) {
      super(URI.create("string:///" + place.replace('.', '/') + "/" + name + ".java"), Kind.SOURCE);
      this.block = block;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    private String describe(Diagnostic<?> problem) {
      var line = text.lines().skip(problem.getLineNumber() - 1).findFirst().orElse("").strip();
      return "%s: %s: %s".formatted(block.location(), line, problem.getMessage(null));
    }
  }
}
