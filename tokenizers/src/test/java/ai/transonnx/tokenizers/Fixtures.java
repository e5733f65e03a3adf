package ai.transonnx.tokenizers;

import ai.transonnx.runtime.text.TextDecoder;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tokenizers of the tests. */
final class Fixtures {
  /** A byte-level BPE of 2000 tokens. */
  static final Path BYTE_LEVEL = Path.of("../golden-tests/text/byte-level-bpe/tokenizer.json");

  /** A BPE as SentencePiece's: words begin with a space, and other characters are bytes. */
  static final Path BYTE_FALLBACK = Path.of("src/test/resources/byte-fallback.json");

  private Fixtures() {}

  static Tokenizer open(Path file) {
    return Tokenizers.open(file);
  }

  /** The text that each token completes, and the rest. */
  static List<String> stream(TextDecoder decoder, long... tokens) {
    var pieces = new ArrayList<String>();
    for (long token : tokens) {
      pieces.add(decoder.accept(token));
    }
    pieces.add(decoder.finish());
    return pieces;
  }
}
