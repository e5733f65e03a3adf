package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Feeds tokens to a model one call after the other, and holds what the model must remember between
 * calls. It belongs to one thread at a time, and holds native memory until it is closed.
 *
 * <pre>{@code
 * try (var loop = new TokenLoop(model, 1)) {
 *   loop.feed(72, 101, 108, 108); // the prompt
 *   var logits = new float[loop.vocabulary()];
 *   loop.logits(0, logits); // what may follow the last token
 *   loop.feed(111); // one more; a model with state computes this position alone
 * }
 * }</pre>
 *
 * <p>What the model sees are the last {@code max_length} tokens, where its metadata sets that
 * limit. A model with state is fed new tokens only, as long as all of them fit; beyond, its window
 * slides: positions start again, so each call starts from zeros and computes the whole window, as
 * the Python libraries do. A model without state computes the whole window in every call.
 */
public final class TokenLoop implements AutoCloseable {
  private final OnnxModel model;
  private final int batch;
  private final int window;
  private final NativeLoop loop;
  private final @Nullable TokenHistory history;
  private long computed;
  private long position;
  private boolean closed;

  /**
   * A loop that has been fed nothing yet.
   *
   * @param batch how many rows of tokens go side by side
   * @throws RequestException if {@code batch} is not positive, or the model is made for another
   * @throws ModelException if the model does not take {@code tokens} and state alone, or does not
   *     give {@code logits}
   */
  public TokenLoop(OnnxModel model, int batch) {
    if (batch < 1) {
      throw new RequestException("a loop over " + batch + " rows; 1 or more are possible");
    }
    LoopContract.check(model, batch);
    this.model = model;
    this.batch = batch;
    this.window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.loop = new NativeLoop(model, batch);
    boolean unlimited = loop.hasState() && model.metadata().maxLength().isEmpty();
    this.history = unlimited ? null : new TokenHistory(batch, window);
  }

  /** Feeds tokens, {@link #feed(long[], Cancellation)}, with no way to end the call early. */
  public void feed(long... tokens) {
    feed(tokens, new Cancellation());
  }

  /**
   * Appends tokens to each row and computes the logits that follow the last. If it fails, the loop
   * is as before.
   *
   * @param tokens [b, n], row-major: n tokens of the first row, then n of the second
   * @throws RequestException if there is no token, the rows are uneven, or a token is not in the
   *     vocabulary
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if the runtime fails
   */
  public void feed(long[] tokens, Cancellation cancellation) {
    requireOpen();
    check(tokens);
    int n = tokens.length / batch;
    boolean continues = loop.hasState() && computed + n <= window;
    if (history != null) {
      history.append(tokens, n);
    }
    try {
      if (continues || history == null) {
        loop.tokens(n).put(tokens);
        loop.run(n, false, cancellation);
        computed += n;
      } else {
        int visible = Math.min(history.length(), window);
        history.copyLast(visible, loop.tokens(visible));
        loop.run(visible, true, cancellation);
        computed = visible;
      }
    } catch (RuntimeException | Error e) {
      if (history != null) {
        history.drop(n);
      }
      throw e;
    }
    position += n;
  }

  /**
   * Reads the logits that follow the last token of row {@code row}.
   *
   * @param into receives one number a token of the vocabulary; longer is allowed
   * @throws RequestException if nothing has been fed, or there is no such row, or {@code into} is
   *     shorter than the vocabulary
   */
  public void logits(int row, float[] into) {
    requireOpen();
    if (position == 0) {
      throw nothingFed();
    }
    if (row < 0 || row >= batch || into.length < vocabulary()) {
      throw new RequestException(
          "the logits of row %d of %d do not go into %d numbers; the vocabulary has %d"
              .formatted(row, batch, into.length, vocabulary()));
    }
    loop.readLast(row, into);
  }

  /**
   * The size of the vocabulary.
   *
   * @throws RequestException if the model leaves it open and nothing has been fed
   */
  public int vocabulary() {
    return position == 0
        ? model.vocabulary().orElseThrow(TokenLoop::nothingFed)
        : loop.vocabulary();
  }

  /** How many tokens each row has been fed. */
  public long position() {
    return position;
  }

  public int batch() {
    return batch;
  }

  /** Goes back to having been fed nothing. */
  public void reset() {
    requireOpen();
    loop.reset();
    if (history != null) {
      history.clear();
    }
    computed = 0;
    position = 0;
  }

  private void check(long[] tokens) {
    if (tokens.length == 0 || tokens.length % batch != 0) {
      throw new RequestException(
          "%d tokens are not the same number, 1 or more, for each of %d rows"
              .formatted(tokens.length, batch));
    }
    int limit = model.vocabulary().orElse(Integer.MAX_VALUE);
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= limit) {
        int n = tokens.length / batch;
        throw TokenException.of(
            tokens[i], "position %d of row %d".formatted(position + i % n, i / n), limit);
      }
    }
  }

  private static RequestException nothingFed() {
    return new RequestException("there are no logits before the first token is fed");
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedException(model.file() + ": the loop is closed");
    }
  }

  /** Frees what the loop holds; a second time has no effect. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      loop.close();
    }
  }
}
