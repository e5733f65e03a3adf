package ai.transonnx.runtime;

import java.util.List;

/**
 * Feeds tokens to a causal language model call by call, and keeps its state (such as the KV cache)
 * between calls: first the prompt (prefill), then the tokens that continue it (decode).
 *
 * <pre>{@code
 * try (var loop = TokenLoop.of(model)) {
 *   loop.feed(72, 101, 108, 108); // the prompt
 *   var logits = new float[loop.vocabulary()];
 *   loop.logits(0, logits); // scores of the next token
 *   loop.feed(111); // one more; a model with state computes this position alone
 * }
 * }</pre>
 *
 * <p>The model sees the last {@code max_length} tokens, if its metadata sets that limit. A model
 * with state computes new tokens only, until its context window is full; {@link ContextOverflow}
 * describes the behaviour after that. A model without state computes the whole window in every
 * call. A model that processes segments (token-shift-gpt, block-recurrent) has no limit: a full
 * segment becomes the memory of the next.
 */
public final class TokenLoop extends LogitLoop implements TokenRows {
  private TokenLoop(LoopOptions options) {
    super(
        options, List.of(LoopContract.tokens(options.model(), options.batch(), options.inputs())));
  }

  /** A loop over one sequence, of a model without a context or source: see {@link Builder}. */
  public static TokenLoop of(OnnxModel model) {
    return builder(model).build();
  }

  /**
   * A loop over {@code batch} sequences, of a model without a context or source: see {@link
   * Builder}.
   */
  public static TokenLoop of(OnnxModel model, int batch) {
    return builder(model).batch(batch).build();
  }

  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  /** Collects options. */
  public static final class Builder extends LoopBuilder<Builder> {
    private Builder(OnnxModel model) {
      super(model);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * A loop that has been fed nothing.
     *
     * @throws RequestException if {@code batch} is not positive or differs from the model's fixed
     *     batch size, an input is unknown or has a wrong shape, or the model cannot slide its
     *     window; a {@link NameException} if an input is missing
     * @throws ModelException if the model has no input of tokens or no logits
     */
    public TokenLoop build() {
      return new TokenLoop(options());
    }
  }

  /** Calls {@link #feed(long[], Cancellation)} without a way to cancel it. */
  public void feed(long... tokens) {
    feed(tokens, new Cancellation());
  }

  /**
   * {@inheritDoc}
   *
   * @param tokens {@code [b, n]}, row-major: n tokens of the first row, then n of the second
   */
  @Override
  public void feed(long[] tokens, Cancellation cancellation) {
    lock()
        .run(
            () -> {
              if (tokens.length == 0 || tokens.length % batch() != 0) {
                throw new RequestException(
                    "%s tokens cannot be divided into %s rows of equal length, 1 or more"
                        .formatted(tokens.length, batch()));
              }
              int n = tokens.length / batch();
              options().model().inputVocabulary().check(i -> location(i % n, i / n), tokens);
              fed().append(tokens);
              computeAppended(n, cancellation);
            });
  }

  @Override
  public void feed(long[][] tokens, Cancellation cancellation) {
    lock()
        .run(
            () -> {
              checkRows(tokens);
              fed().append(tokens);
              computeAppended(tokens[0].length, cancellation);
            });
  }

  private void checkRows(long[][] tokens) {
    if (tokens.length != batch()) {
      throw new RequestException(
          "%s rows of tokens for a loop over %s".formatted(tokens.length, batch()));
    }
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row].length == 0 || tokens[row].length != tokens[0].length) {
        throw new RequestException(
            "row %s has %s tokens and row 0 has %s; all rows need the same number, 1 or more"
                .formatted(row, tokens[row].length, tokens[0].length));
      }
      int fixed = row;
      options().model().inputVocabulary().check(i -> location(i, fixed), tokens[row]);
    }
  }

  /**
   * A snapshot of this loop; it does not change when the loop continues.
   *
   * @throws RequestException if nothing has been fed
   */
  public LoopState state() {
    return lock().get(this::copyState);
  }

  private LoopState copyState() {
    requireFed();
    return new LoopState(
        position(),
        computed(),
        fed().tokens(),
        calls().copyState(),
        calls().copyOutput(),
        options().model().metadata().weights());
  }

  /**
   * Continues from a snapshot of this loop, or of another of the same model and number of rows.
   *
   * @throws RequestException if the snapshot is of another model, of another number of rows, or of
   *     a loop with another {@link ContextOverflow}
   */
  public void restore(LoopState state) {
    lock()
        .run(
            () -> {
              state.check(options().model(), batch());
              continueFrom(state);
            });
  }

  /**
   * An independent loop that continues from here, with the same further inputs.
   *
   * @throws ClosedException if the loop is closed
   */
  public TokenLoop fork() {
    return lock().get(this::copy);
  }

  private TokenLoop copy() {
    var fork = new TokenLoop(options());
    try {
      if (position() > 0) {
        fork.restore(copyState());
      }
      return fork;
    } catch (RuntimeException | Error e) {
      fork.close();
      throw e;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>They have the same further inputs.
   */
  @Override
  public TokenLoop forkRows(int... rows) {
    return lock().get(() -> copyRows(rows));
  }

  private TokenLoop copyRows(int... rows) {
    calls().checkRows(rows);
    var fork = new TokenLoop(options().select(rows));
    try {
      if (position() > 0) {
        fork.continueFrom(this, rows);
      }
      return fork;
    } catch (RuntimeException | Error e) {
      fork.close();
      throw e;
    }
  }
}
