package ai.transonnx.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A decoder with a byte-level BPE of 2000 tokens, and the checkpoint of its trainer. */
final class BpeModel {
  static final Path FOLDER = Path.of("../golden-tests/text/byte-level-bpe");
  static final Path TOKENIZER = FOLDER.resolve("tokenizer.json");

  private BpeModel() {}

  /** Exports the model from the checkpoint. */
  static CommandRun export(Path output, Object... options) {
    var words =
        new ArrayList<Object>(
            List.of(
                "export",
                "--config=" + FOLDER.resolve("config.json"),
                "--weights=" + FOLDER.resolve("model-1000.pt"),
                "--output=" + output,
                "--incremental",
                "--logits=last"));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  /** Exports the model with its tokenizer. */
  static Path exported(Path folder) {
    var output = folder.resolve("bpe.onnx");
    export(output, "--tokenizer=" + TOKENIZER).assertDoneWithNote("start with 'net.'");
    return output;
  }

  /** The tokenizer's file beside a model. */
  static Path beside(Path model) {
    return model.resolveSibling(model.getFileName() + ".tokenizer.json");
  }
}
