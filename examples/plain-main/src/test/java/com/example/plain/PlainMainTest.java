package com.example.plain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainMainTest {
  private static final Path WEIGHTS = Path.of(System.getProperty("weights"));
  private static final String PROMPT = "In the beginning";

  @TempDir private Path folder;

  @Test
  void aSavedStateContinuesAsTheGeneratorDoes() {
    var file = folder.resolve("model.onnx");
    PlainMain.export(WEIGHTS, file);
    try (var model = OnnxModel.load(file);
        var tokenizer = Tokenizers.of(model)) {
      String text = PlainMain.generate(model, tokenizer, PROMPT, 60);
      PlainMain.save(model, tokenizer, PROMPT, folder.resolve("loop.state"));
      assertTrue(text.contains("the LORD"), text);
      assertEquals(text, PlainMain.resume(model, tokenizer, folder.resolve("loop.state"), 60));
    }
  }
}
