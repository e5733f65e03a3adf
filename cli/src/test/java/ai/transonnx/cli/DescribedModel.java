package ai.transonnx.cli;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model with the JSON of {@code inspect} beside it, as programs in JavaScript need it. */
record DescribedModel(Path file) {
  private static final Path GOLDEN = Path.of("../golden-tests");

  /**
   * Exports the incremental model of a golden or trained case.
   *
   * @param file ends in {@code .onnx}
   */
  static DescribedModel export(String golden, Path file, String... options) throws IOException {
    var source = GOLDEN.resolve(golden);
    var ending = Files.exists(source.resolve("weights.pdparams")) ? ".pdparams" : ".safetensors";
    var words =
        new ArrayList<Object>(
            List.of(
                "export",
                "--config=" + source.resolve("case.json"),
                "--weights=" + source.resolve("weights" + ending),
                "--output=" + file,
                "--incremental"));
    words.addAll(List.of(options));
    CommandRun.of(words.toArray()).assertDone();
    return of(file);
  }

  /** Describes a file. */
  static DescribedModel of(Path file) throws IOException {
    var json = CommandRun.of("inspect", file, "--json").assertDone().out();
    Files.writeString(
        file.resolveSibling(file.getFileName().toString().replace(".onnx", ".json")), json);
    return new DescribedModel(file);
  }

  /** The most likely continuation of a prompt. */
  String greedy(String prompt, int length) {
    try (var model = OnnxModel.load(file);
        var tokenizer = Tokenizers.of(model)) {
      var options = GenerationOptions.builder(length).greedy().build();
      return Generator.of(model)
          .generate(GenerationRequest.builder(tokenizer, List.of(prompt), options).build())
          .text(0);
    }
  }
}
