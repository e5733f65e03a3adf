package ai.transonnx.server;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.text.TextDecoder;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Writes token 0 as a, 1 as b and so on; token 23, which is x, is put before a text. */
record Letters() implements Tokenizer {
  static final int COUNT = 24;

  @Override
  public long[] encode(String text) {
    long[] tokens = text.chars().mapToLong(c -> c - 'a').toArray();
    if (Arrays.stream(tokens).anyMatch(token -> token < 0 || token >= COUNT)) {
      throw new RequestException("only letters from a to x can be encoded");
    }
    return tokens;
  }

  @Override
  public long[] encodeWithSpecialTokens(String text) {
    return LongStream.concat(LongStream.of(COUNT - 1), Arrays.stream(encode(text))).toArray();
  }

  @Override
  public String decode(long... tokens) {
    var text = new StringBuilder();
    Arrays.stream(tokens).forEach(token -> text.append((char) ('a' + token)));
    return text.toString();
  }

  @Override
  public TextDecoder decoder(long... before) {
    throw new UnsupportedOperationException("embeddings have no text");
  }

  @Override
  public int vocabularySize() {
    return COUNT;
  }
}
