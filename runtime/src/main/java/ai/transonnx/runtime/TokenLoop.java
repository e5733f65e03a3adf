package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Feeds tokens to a model one call after the other, and holds what the model must remember between
 * calls. It belongs to one thread at a time: another that uses it meanwhile gets a {@link
 * BusyException}. It holds native memory until it is closed, which any thread may do.
 *
 * <pre>{@code
 * try (var loop = TokenLoop.of(model)) {
 *   loop.feed(72, 101, 108, 108); // the prompt
 *   var logits = new float[loop.vocabulary()];
 *   loop.logits(0, logits); // what may follow the last token
 *   loop.feed(111); // one more; a model with state computes this position alone
 * }
 * }</pre>
 *
 * <p>What the model sees are the last {@code max_length} tokens, where its metadata sets that
 * limit. A model with state is fed new tokens only, as long as all of them fit; beyond, {@link
 * ContextOverflow} says what happens: by default its window slides and positions start again, so
 * each call starts from zeros and computes the whole window, as the Python libraries do. A model
 * without state computes the whole window in every call. One that goes from segment to segment has
 * no limit: a full segment becomes the memory of the next.
 */
public final class TokenLoop implements TokenRows {
  private final OnnxModel model;
  private final int batch;
  private final Map<String, Tensor> given;
  private final ContextOverflow fullWindow;
  private final SequenceLoop loop;

  private TokenLoop(Builder builder) {
    this.model = builder.model;
    this.batch = builder.batch;
    this.given = Map.copyOf(builder.inputs);
    this.fullWindow = builder.contextOverflow;
    this.loop =
        new SequenceLoop(model, LoopContract.tokens(model, batch, given), batch, given, fullWindow);
  }

  /**
   * A loop over one sequence, without a context or source; see {@link Builder#build} for errors.
   */
  public static TokenLoop of(OnnxModel model) {
    return builder(model).build();
  }

  /**
   * A loop over {@code batch} sequences, without a context or source; see {@link Builder#build} for
   * errors.
   */
  public static TokenLoop of(OnnxModel model, int batch) {
    return builder(model).batch(batch).build();
  }

  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  /** Collects the options of a loop: by default one sequence, no other inputs, RECOMPUTE. */
  public static final class Builder {
    private final OnnxModel model;
    private int batch = 1;
    private Map<String, Tensor> inputs = Map.of();
    private ContextOverflow contextOverflow = ContextOverflow.RECOMPUTE;

    private Builder(OnnxModel model) {
      this.model = model;
    }

    /** The number of sequences, 1 or more. */
    public Builder batch(int batch) {
      this.batch = batch;
      return this;
    }

    /**
     * The inputs besides tokens and state, such as a context or the source of an encoder-decoder:
     * {@code [b, m, ...]}, the same in all calls.
     */
    public Builder inputs(Map<String, Tensor> inputs) {
      this.inputs = inputs;
      return this;
    }

    /** The behaviour when the context window is full. */
    public Builder contextOverflow(ContextOverflow contextOverflow) {
      this.contextOverflow = contextOverflow;
      return this;
    }

    /**
     * A loop that has been fed nothing.
     *
     * @throws RequestException if {@code batch} is not positive or not the model's fixed batch
     *     size, an input is unknown, or the model cannot slide its window; a {@link NameException}
     *     if an input is missing
     * @throws ModelException if the model does not continue tokens
     */
    public TokenLoop build() {
      return new TokenLoop(this);
    }
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
   * @throws BusyException if it is the first call, and as many wait as {@link
   *     ModelOptions#runLimit} allows; or if another thread uses the loop
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if the runtime fails
   */
  @Override
  public void feed(long[] tokens, Cancellation cancellation) {
    loop.guard()
        .run(
            () -> {
              check(tokens);
              loop.feed(bytes(tokens), tokens.length / batch, cancellation);
            });
  }

  private static ByteBuffer bytes(long... tokens) {
    var bytes =
        ByteBuffer.allocate(Math.multiplyExact(tokens.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(tokens);
    return bytes;
  }

  /**
   * Why all tokens that the model sees were computed anew by a call, once one did: the model has no
   * state, or its window is full.
   */
  @Override
  public Optional<String> recomputing() {
    return loop.recomputing();
  }

  /**
   * Reads the logits that follow the last token of row {@code row}.
   *
   * @param into receives one number a token of the vocabulary; longer is allowed
   * @throws RequestException if nothing has been fed, or there is no such row, or {@code into} is
   *     shorter than the vocabulary
   */
  @Override
  public void logits(int row, float[] into) {
    loop.guard()
        .run(
            () -> {
              requireFed();
              loop.readLast(row, into);
            });
  }

  /**
   * The size of the vocabulary.
   *
   * @throws RequestException if the model leaves it open and nothing has been fed
   */
  @Override
  public int vocabulary() {
    return loop.position() == 0
        ? model.vocabulary().orElseThrow(TokenLoop::nothingFed)
        : loop.features();
  }

  OnnxModel model() {
    return model;
  }

  Map<String, Tensor> given() {
    return given;
  }

  SequenceLoop loop() {
    return loop;
  }

  /** How many tokens each row has been fed. */
  public long position() {
    return loop.position();
  }

  public int batch() {
    return batch;
  }

  /** Whether each row can be fed so many tokens more without computing anything anew. */
  public boolean hasRoom(int tokens) {
    return loop.hasRoom(tokens);
  }

  /** Goes back to having been fed nothing. */
  public void reset() {
    loop.guard().run(loop::reset);
  }

  /**
   * What the loop has come to; it stays as it is while the loop goes on.
   *
   * @throws RequestException if nothing has been fed
   */
  public LoopState state() {
    return loop.guard().get(this::copyState);
  }

  private LoopState copyState() {
    requireFed();
    var tokens = loop.history().rows().map(TokenLoop::tokens).toArray(long[][]::new);
    return new LoopState(
        loop.position(),
        loop.computed(),
        tokens,
        loop.copyState(),
        loop.copyOutput(),
        model.metadata().weights());
  }

  /**
   * Goes on from what this loop, or another of the same model and rows, had come to.
   *
   * @throws RequestException if the state is of another model, of another number of rows, or of a
   *     loop that does something else when its window is full
   */
  public void restore(LoopState state) {
    loop.guard().run(() -> goOnFrom(state));
  }

  private void goOnFrom(LoopState state) {
    state.check(model, batch);
    var history = loop.emptyHistory();
    var tokens = Stream.of(state.tokens()).flatMapToLong(LongStream::of).toArray();
    history.append(bytes(tokens), state.tokens()[0].length);
    loop.restore(state.position(), state.computed(), history, state.state(), state.logits());
  }

  private static long[] tokens(ByteBuffer row) {
    var tokens = new long[row.remaining() / Long.BYTES];
    row.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(tokens);
    return tokens;
  }

  /**
   * A loop of its own that goes on from here, over the same context if there is one.
   *
   * @throws ClosedException if the loop is closed
   */
  public TokenLoop fork() {
    return loop.guard().get(this::copy);
  }

  private TokenLoop copy() {
    var fork = builder(model).batch(batch).inputs(given).contextOverflow(fullWindow).build();
    try {
      if (loop.position() > 0) {
        fork.restore(state());
      }
      return fork;
    } catch (RuntimeException | Error e) {
      fork.close();
      throw e;
    }
  }

  /** Goes back, {@link #rewind(long, Cancellation)}, with no way to end the call early. */
  public void rewind(long earlier) {
    rewind(earlier, new Cancellation());
  }

  /**
   * Goes back to an earlier position, by computing again what led there. Where a position will be
   * needed again, {@link #state} there and {@link #restore} cost less. If it fails, the loop is as
   * before.
   *
   * @param earlier how many tokens each row has been fed then
   * @throws RequestException if it is not between 0 and {@link #position}, or so far back that its
   *     tokens are forgotten
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if the runtime fails
   */
  public void rewind(long earlier, Cancellation cancellation) {
    loop.guard().run(() -> loop.rewind(earlier, cancellation));
  }

  private void check(long[] tokens) {
    if (tokens.length == 0 || tokens.length % batch != 0) {
      throw new RequestException(
          "%s tokens are not the same number, 1 or more, for each of %s rows"
              .formatted(tokens.length, batch));
    }
    int n = tokens.length / batch;
    model
        .tokenRange()
        .check(i -> "position " + (loop.position() + i % n) + " of row " + i / n, tokens);
  }

  private void requireFed() {
    if (loop.position() == 0) {
      throw nothingFed();
    }
  }

  private static RequestException nothingFed() {
    return new RequestException("there are no logits before the first token is fed");
  }

  /** Waits for a call that runs, then frees what the loop holds; a second time has no effect. */
  @Override
  public void close() {
    loop.close();
  }
}
