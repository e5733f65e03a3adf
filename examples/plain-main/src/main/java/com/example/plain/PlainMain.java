package com.example.plain;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.TransformerWrapper;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import java.nio.file.Path;
import java.util.List;

/** Exports a checkpoint, generates from the model, and continues from a saved state. */
public final class PlainMain {
  private PlainMain() {}

  /** {@code PlainMain WEIGHTS MODEL.onnx PROMPT} */
  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      System.err.println("usage: PlainMain WEIGHTS MODEL.onnx PROMPT");
      System.exit(2);
    }
    var file = Path.of(arguments[1]);
    export(Path.of(arguments[0]), file);
    try (var model = OnnxModel.load(file);
        var tokenizer = Tokenizers.of(model)) {
      System.out.println(generate(model, tokenizer, arguments[2], 60));
      var state = Path.of(arguments[1] + ".state");
      save(model, tokenizer, arguments[2], state);
      System.out.println(resume(model, tokenizer, state, 60));
    }
  }

  /** Exports a checkpoint of this architecture as a model with a KV cache. */
  static void export(Path weights, Path file) {
    var layers =
        AttentionLayersConfig.decoder()
            .dim(128)
            .depth(4)
            .heads(4)
            .attnDimHead(32)
            .rotaryPosEmb(true)
            .useRmsnorm(true)
            .ffGlu(true)
            .ffSwish(true)
            .shiftTokens(1)
            .build();
    var gpt =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(128)
                .maxSeqLen(256)
                .attnLayers(layers)
                .build());
    Exporter.export(
        ExportRequest.builder(gpt, weights, file)
            .graph(GraphRequest.builder().incremental(true).build())
            .build());
  }

  /** Continues a text with the most likely tokens. */
  static String generate(OnnxModel model, Tokenizer tokenizer, String prompt, int length) {
    var options = GenerationOptions.builder(length).greedy().build();
    var request = GenerationRequest.builder(tokenizer, List.of(prompt), options).build();
    return Generator.of(model).generate(request).text(0);
  }

  /** Computes a prompt, and saves the state of the model. */
  static void save(OnnxModel model, Tokenizer tokenizer, String prompt, Path state) {
    try (var loop = TokenLoop.of(model)) {
      loop.feed(tokenizer.encode(prompt));
      loop.state().write(state);
    }
  }

  /** Continues from a saved state, token by token. The prompt is not computed again. */
  static String resume(OnnxModel model, Tokenizer tokenizer, Path state, int length) {
    try (var loop = TokenLoop.of(model)) {
      loop.restore(LoopState.read(state, model));
      var logits = new float[loop.vocabulary()];
      var chooser = new Greedy().chooser(logits.length, 1, TopKCountRounding.CEIL);
      var tokens = new long[length];
      for (int i = 0; i < length; i++) {
        loop.logits(0, logits);
        tokens[i] = chooser.choose(0, logits);
        loop.feed(tokens[i]);
      }
      return tokenizer.decode(tokens);
    }
  }
}
