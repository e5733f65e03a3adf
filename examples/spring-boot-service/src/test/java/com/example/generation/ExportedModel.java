package com.example.generation;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.checkpoint.CheckpointArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * The model of the tests: the export of a checkpoint of x-transformers, which has its {@code
 * config.json} and {@code tokenizer.json} beside it.
 */
final class ExportedModel {
  private static final Path CHECKPOINT = Path.of(System.getProperty("checkpoint"));

  private ExportedModel() {}

  /** Writes {@code model.onnx} and its tokenizer into a folder. */
  static Path in(Path folder) throws IOException {
    if (!Files.exists(CHECKPOINT)) {
      throw new IllegalStateException(
          CHECKPOINT + " is missing; name a checkpoint: mvn verify -Dcheckpoint=FILE");
    }
    var model = folder.resolve("model.onnx");
    var json =
        new JsonMapper().readTree(Files.readString(CHECKPOINT.resolveSibling("config.json")));
    var config = json.has("config") ? json.get("config") : json;
    var graph = GraphRequest.builder().incremental(true).lastLogits(true).build();
    try (var weights = Weights.open(CHECKPOINT)) {
      var found =
          CheckpointArchitecture.builder(Library.X_TRANSFORMERS, config.toString(), weights)
              .graph(graph)
              .find();
      Exporter.export(
          ExportRequest.builder(found.architecture(), weights, model)
              .graph(graph)
              .tokenizer(CHECKPOINT.resolveSibling("tokenizer.json"))
              .build());
    }
    return model;
  }
}
