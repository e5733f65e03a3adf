package ai.transonnx.spark;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models for the tests of a process, exported at their first use. */
final class TestModels {
  private static final Path TRAINED = Path.of("../golden-tests/trained/x-transformers/bible");
  private static final Path WORDS = Path.of("../golden-tests/text/byte-level-bpe");
  private static final TemporaryFolder FOLDER = TemporaryFolder.create();

  /** The tokenizer of {@link #words}. */
  static final Path TOKENIZER = WORDS.resolve("tokenizer.json");

  private TestModels() {}

  private static final class Language {
    static final Path FILE = export("bible.onnx", GraphRequest.builder().incremental(true).build());
  }

  private static final class Embedding {
    static final Path FILE =
        export("embedding.onnx", GraphRequest.builder().outputs("embeddings").build());
  }

  private static final class Words {
    static final Path FILE = words(FOLDER.path().resolve("words.onnx"), false);
  }

  private static final class Added {
    static final Path FILE = wordsWithFiles(FOLDER.path().resolve("it's ${a}; 100% #\"b\" \u00fc"));
  }

  /** A language model of bytes that was trained on the King James Bible, with a KV cache. */
  static Path language() {
    return Language.FILE;
  }

  /** The same model with the output {@code embeddings}. */
  static Path embedding() {
    return Embedding.FILE;
  }

  /** A tiny language model with the vocabulary of {@link #TOKENIZER}, exported without it. */
  static Path words() {
    return Words.FILE;
  }

  /** {@link #words} in a new folder, with external weights and its tokenizer beside it. */
  static Path wordsWithFiles(Path folder) {
    try {
      return words(Files.createDirectories(folder).resolve("words.onnx"), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@link #wordsWithFiles} in a folder that stays, with a name that needs escapes. */
  static Path wordsToAdd() {
    return Added.FILE;
  }

  private static Path words(Path output, boolean separateFiles) {
    try {
      var config = new ObjectMapper().readTree(WORDS.resolve("config.json").toFile());
      var architecture =
          Architectures.of(config.get("library").asText(), config.get("config").toString());
      var request =
          ExportRequest.builder(architecture, WORDS.resolve("model-1000.pt"), output)
              .graph(GraphRequest.builder().incremental(true).build())
              .externalData(separateFiles);
      if (separateFiles) {
        request.tokenizer(TOKENIZER);
      }
      Exporter.export(request.build());
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path export(String name, GraphRequest request) {
    var file = FOLDER.path().resolve(name);
    CaseFolder.read(TRAINED).export(request, file);
    return file;
  }
}
