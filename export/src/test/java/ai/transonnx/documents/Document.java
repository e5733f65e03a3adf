package ai.transonnx.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A document of this project in Markdown, with the code in it. */
public record Document(Path path) {
  private static final Path ROOT = Path.of("..");
  private static final String FENCE = "```";
  private static final String INDENT = "    ";

  /**
   * Code in a document.
   *
   * @param language that of a block between fences; empty if it has none or is indented
   * @param line the number of its first line
   */
  public record Block(Path document, String language, int line, String text) {
    /** Where the block is, for messages. */
    public String location() {
      return document + ":" + line;
    }
  }

  /** A document by its path from the root of the project. */
  public static Document of(String path) {
    return new Document(ROOT.resolve(path));
  }

  /** The documents for users and contributors: those in the root, in docs and of the examples. */
  public static List<Document> all() throws IOException {
    var examples = ROOT.resolve("examples");
    try (var root = Files.list(ROOT);
        var docs = Files.list(ROOT.resolve("docs"));
        var own = Files.isDirectory(examples) ? Files.walk(examples, 2) : Stream.<Path>empty()) {
      return Stream.of(root, docs, own)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md") && Files.isRegularFile(file))
          .sorted()
          .map(Document::new)
          .toList();
    }
  }

  /** The blocks between fences. */
  public List<Block> fenced() throws IOException {
    return blocks().stream().filter(block -> !block.language.equals(INDENT)).toList();
  }

  /** The texts of the blocks between fences that have a language. */
  public List<String> fenced(String language) throws IOException {
    return fenced().stream()
        .filter(block -> block.language.equals(language))
        .map(Block::text)
        .toList();
  }

  /** The indented blocks, without their indentation. */
  public List<Block> indented() throws IOException {
    return blocks().stream()
        .filter(block -> block.language.equals(INDENT))
        .map(block -> new Block(path, "", block.line, block.text))
        .toList();
  }

  private List<Block> blocks() throws IOException {
    var blocks = new ArrayList<Block>();
    var lines = Files.readAllLines(path);
    for (int i = 0; i < lines.size(); i++) {
      int first = i;
      var text = new StringBuilder();
      if (lines.get(i).startsWith(FENCE)) {
        for (i++; i < lines.size() && !lines.get(i).startsWith(FENCE); i++) {
          text.append(lines.get(i)).append('\n');
        }
        var language = lines.get(first).substring(FENCE.length()).strip();
        blocks.add(new Block(path, language, first + 2, text.toString()));
      } else if (lines.get(i).startsWith(INDENT) && (i == 0 || lines.get(i - 1).isBlank())) {
        for (; i < lines.size() && lines.get(i).startsWith(INDENT); i++) {
          text.append(lines.get(i).substring(INDENT.length())).append('\n');
        }
        blocks.add(new Block(path, INDENT, first + 1, text.toString()));
      }
    }
    return blocks;
  }
}
