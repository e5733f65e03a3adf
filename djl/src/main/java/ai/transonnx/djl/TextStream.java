package ai.transonnx.djl;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Text while it is generated: each element is what a token completes. It computes in the thread
 * that asks for more, and holds native memory until it has ended or is closed, which any thread may
 * do. The predictor and the model stay open as long: DJL does not wait for a step when it closes
 * them, and the JVM may then end.
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  private final BlockLoop loop;
  private final Continuation continuation;
  private final TextCodec.Decoder decoder;
  private @Nullable String next;
  private boolean ended;

  TextStream(BlockLoop loop, Continuation continuation, TextCodec.Decoder decoder) {
    this.loop = loop;
    this.continuation = continuation;
    this.decoder = decoder;
  }

  @Override
  public synchronized boolean hasNext() {
    while (next == null && !ended) {
      advance();
    }
    return next != null;
  }

  private void advance() {
    boolean goesOn;
    try {
      goesOn = continuation.step();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    if (!goesOn) {
      String rest = decoder.finish();
      next = rest.isEmpty() ? null : rest;
      close();
      return;
    }
    if (!continuation.isStopped(0)) {
      String text = decoder.accept(continuation.last(0));
      next = text.isEmpty() ? null : text;
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
   * The seed with which the tokens are drawn; argument {@code seed} with it generates the same text
   * again. Empty if nothing is random.
   */
  public OptionalLong seed() {
    return continuation.seed();
  }

  /** Waits for a step that runs, then ends the generation; a second time has no effect. */
  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      loop.close();
    }
  }
}
