package ai.transonnx.djl;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Streams generated text: each element is text that is certain, often a character or a word. {@link
 * #hasNext} and {@link #next} compute the next token in the calling thread.
 *
 * <p>A stream holds native memory until it ends or is closed. Threads may share it. Keep the
 * predictor and the model open until then: DJL does not wait for a step in progress when it closes
 * them, and the JVM may crash.
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  private final TokenGenerator generator;
  private @Nullable String next;
  private boolean ended;

  TextStream(TokenGenerator generator) {
    this.generator = generator;
  }

  @Override
  public synchronized boolean hasNext() {
    while (next == null && !ended) {
      advance();
    }
    return next != null;
  }

  private void advance() {
    boolean hasToken;
    try {
      hasToken = generator.step();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    String text = generator.newText();
    next = text.isEmpty() ? null : text;
    if (!hasToken) {
      close();
    }
  }

  @Override
  public synchronized String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    String text = String.valueOf(next);
    next = null;
    return text;
  }

  /**
   * The seed with which the tokens are drawn: argument {@code seed} with it generates the same text
   * again. Empty if nothing is random.
   */
  public OptionalLong seed() {
    return generator.seed();
  }

  /** Waits for a step in progress, then ends the generation. A second close has no effect. */
  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      generator.close();
    }
  }
}
