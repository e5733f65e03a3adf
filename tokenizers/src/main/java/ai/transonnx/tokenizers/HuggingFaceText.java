package ai.transonnx.tokenizers;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.transonnx.format.internal.tokenizer.TokenizerVocabulary;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.text.TextDecoder;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A native tokenizer. A token of the model that the tokenizer does not have is decoded as no text.
 */
final class HuggingFaceText implements Tokenizer {
  private final TokenizersLibrary library;
  private final long handle;
  private final TokenizerVocabulary vocabulary;

  /** Calls hold the lock for reading: the native memory must not be freed during a call. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Creates the tokenizer. It neither truncates nor pads texts.
   *
   * @throws RuntimeException if the library refuses the content
   */
  HuggingFaceText(TokenizersLibrary library, String json, TokenizerVocabulary vocabulary) {
    this.library = library;
    this.vocabulary = vocabulary;
    this.handle = library.createTokenizerFromString(json);
    library.disableTruncation(handle);
    library.disablePadding(handle);
  }

  @Override
  public long[] encode(String text) {
    return encode(text, SpecialTokens.NONE);
  }

  @Override
  public long[] encodeWithSpecialTokens(String text) {
    return encode(text, SpecialTokens.ADDED);
  }

  private enum SpecialTokens {
    NONE,
    ADDED
  }

  private long[] encode(String text, SpecialTokens special) {
    checkSurrogates(text);
    return call(
        () -> {
          long encoding = library.encode(handle, text, special == SpecialTokens.ADDED);
          try {
            return library.getTokenIds(encoding);
          } finally {
            library.deleteEncoding(encoding);
          }
        });
  }

  /** The native library would replace an unpaired surrogate. */
  private static void checkSurrogates(String text) {
    int[] characters = text.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] >= Character.MIN_SURROGATE && characters[i] <= Character.MAX_SURROGATE) {
        throw new RequestException(
            String.format(
                Locale.ROOT, "U+%04X at position %s is an unpaired surrogate", characters[i], i));
      }
    }
  }

  @Override
  public String decode(long... tokens) {
    for (long token : tokens) {
      if (token < 0) {
        throw new RequestException("token " + token + " is negative");
      }
    }
    // The native library takes 32 bits of each token.
    long[] known = Arrays.stream(tokens).filter(token -> token < vocabularySize()).toArray();
    return call(() -> library.decode(handle, known, true));
  }

  @Override
  public TextDecoder decoder(long... before) {
    return new WindowDecoder(this, before);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public Map<String, Long> specialTokens() {
    return vocabulary.specialTokens();
  }

  private <T> T call(Supplier<T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new ClosedException("the tokenizer is closed");
      }
      return work.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(handle);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
