package ai.transonnx.runtime;

import java.util.Map;

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
  private final Map<String, Tensor> given;
  private TokenHistory history;
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
    this(model, batch, Map.of());
  }

  /**
   * A loop that has been fed nothing yet, of a model that takes more than tokens: a context, or the
   * source of an encoder-decoder.
   *
   * @param batch how many rows of tokens go side by side
   * @param given what it takes besides tokens and state: {@code [b, m, ...]}, the same for all
   *     calls
   * @throws RequestException if {@code batch} is not positive, or the model is made for another, or
   *     takes something else than what is given
   * @throws ModelException if the model does not continue tokens
   */
  public TokenLoop(OnnxModel model, int batch, Map<String, Tensor> given) {
    if (batch < 1) {
      throw new RequestException("a loop over " + batch + " rows; 1 or more are possible");
    }
    var tokens = LoopContract.check(model, batch, given);
    this.given = Map.copyOf(given);
    this.model = model;
    this.batch = batch;
    this.window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.loop = new NativeLoop(model, tokens, batch, given);
    this.history = new TokenHistory(batch, window);
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
    history.append(tokens, n);
    try {
      if (continues) {
        loop.tokens(n).put(tokens);
        loop.run(n, computed + n, false, cancellation);
        computed += n;
      } else {
        computeWindow(cancellation);
      }
    } catch (RuntimeException | Error e) {
      history.drop(n);
      throw e;
    }
    position += n;
  }

  /** Starts from zeros with all that the model can see of the tokens so far. */
  private void computeWindow(Cancellation cancellation) {
    int visible = Math.min(history.length(), window);
    history.copyLast(visible, loop.tokens(visible));
    loop.run(visible, visible, true, cancellation);
    computed = visible;
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
    history.clear();
    computed = 0;
    position = 0;
  }

  /**
   * What the loop has come to; it stays as it is while the loop goes on.
   *
   * @throws RequestException if nothing has been fed
   */
  public LoopState state() {
    requireOpen();
    if (position == 0) {
      throw nothingFed();
    }
    return new LoopState(position, computed, history.copy(), loop.copyState(), loop.copyLogits());
  }

  /**
   * Goes on from what this loop, or another of the same model and rows, had come to.
   *
   * @throws RequestException if the state is of another model, or of another number of rows
   */
  public void restore(LoopState state) {
    requireOpen();
    state.check(model, batch);
    loop.restore(state.state(), state.logits());
    history = TokenHistory.of(state.tokens(), window);
    computed = state.computed();
    position = state.position();
  }

  /** A loop of its own that goes on from here, over the same context if there is one. */
  public TokenLoop fork() {
    var fork = new TokenLoop(model, batch, given);
    try {
      if (position > 0) {
        fork.restore(state());
      }
      return fork;
    } catch (RuntimeException | Error e) {
      fork.close();
      throw e;
    }
  }

  /**
   * Goes back to an earlier position, by computing again what led there. Where a position will be
   * needed again, {@link #state} there and {@link #restore} cost less.
   *
   * @param earlier how many tokens each row has been fed then
   * @throws RequestException if it is not between 0 and {@link #position}, or so far back that its
   *     tokens are forgotten
   */
  public void rewind(long earlier) {
    requireOpen();
    long forgotten = position - history.length();
    long first = Math.max(0, earlier - window);
    if (earlier < 0 || earlier > position || (earlier > 0 && first < forgotten)) {
      throw new RequestException(
          "position %d cannot be gone back to; 0, and those from %d to %d can"
              .formatted(earlier, Math.min(position, forgotten + window), position));
    }
    if (earlier == position) {
      return;
    }
    if (earlier == 0) {
      reset();
      return;
    }
    history.drop(Math.toIntExact(position - earlier));
    position = earlier;
    computeWindow(new Cancellation());
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
