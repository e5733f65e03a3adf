package com.example.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchJobTest {
  private static final Path WEIGHTS = Path.of(System.getProperty("weights"));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static Path model;

  @TempDir private Path files;

  /** Exports the checkpoint with the configuration beside it. */
  @BeforeAll
  static void export() throws IOException {
    model = folder.resolve("model.onnx");
    var config = JSON.readTree(WEIGHTS.resolveSibling("case.json").toFile()).get("config");
    var architecture = Architectures.of(Library.X_TRANSFORMERS, config);
    Exporter.export(
        ExportRequest.builder(architecture, WEIGHTS, model)
            .graph(GraphRequest.builder().incremental(true).build())
            .build());
  }

  private Path input(List<String> lines) throws IOException {
    return Files.write(files.resolve("input.txt"), lines);
  }

  private List<JsonNode> run(List<String> lines) throws IOException {
    var output = files.resolve("output.jsonl");
    BatchJob.run(model, input(lines), output, false);
    return JSON.readerFor(JsonNode.class).<JsonNode>readValues(output.toFile()).readAll();
  }

  private static List<String> verses() {
    return IntStream.rangeClosed(1, 50)
        .mapToObj(i -> "And the LORD spake unto Moses, saying, " + "Go up ".repeat(i % 7))
        .toList();
  }

  @Test
  void eachLineHasTheScoreThatItHasAlone() throws IOException {
    var results = run(verses());

    assertEquals(50, results.size());
    try (var loaded = OnnxModel.load(model);
        var tokenizer = Tokenizers.of(loaded)) {
      for (int i = 0; i < 50; i++) {
        double alone = Scorer.of(loaded).bitsPerToken(tokenizer.encode(verses().get(i)));
        assertEquals(i + 1, results.get(i).get("line").asInt());
        assertEquals(alone, results.get(i).get("bits_per_token").asDouble(), 1e-4);
      }
    }
  }

  @Test
  void aLineThatCannotBeScoredHasAnErrorAndOthersHaveScores() throws IOException {
    var results = run(List.of("", "a".repeat(1_000), "x".repeat(5_000_000), "And it came to pass"));

    assertEquals(
        List.of(
            "the line has 0 tokens; 2 to 257 are possible",
            "the line has 1000 tokens; 2 to 257 are possible",
            "the line has more than 100000 characters"),
        results.subList(0, 3).stream().map(result -> result.get("error").asText()).toList());
    assertEquals(19, results.get(3).get("tokens").asInt());
  }

  @Test
  void aResumedJobWritesTheSameBytesAsOneWithoutInterruption() throws IOException {
    run(verses());
    var output = files.resolve("output.jsonl");
    byte[] complete = Files.readAllBytes(output);
    Files.write(output, Arrays.copyOf(complete, complete.length * 3 / 4));

    BatchJob.run(model, input(verses()), output, true);

    assertArrayEquals(complete, Files.readAllBytes(output));
  }

  @Test
  void anOutputIsNotOverwritten() throws IOException {
    run(verses());

    assertThrows(FileAlreadyExistsException.class, () -> run(verses()));
  }
}
