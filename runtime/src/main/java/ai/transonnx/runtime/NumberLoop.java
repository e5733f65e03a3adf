package ai.transonnx.runtime;

/**
 * Feeds tokens, some of which stand for numbers, to a model call by call, as {@link TokenLoop}
 * feeds tokens alone: x-transformers' {@code XValTransformerWrapper}, from inputs {@code tokens}
 * and {@code x_num} to outputs {@code logits} and {@code numerical_pred}.
 *
 * <pre>{@code
 * try (var loop = NumberLoop.of(model)) { // whose number token is 3
 *   loop.feed(new long[][] {{5, 3, 7}}, new double[][] {{1, 0.25, 1}}, new Cancellation());
 *   var logits = new float[loop.vocabulary()];
 *   loop.logits(0, logits); // scores of the next token
 *   double next = loop.number(0); // its value if it is the number token
 * }
 * }</pre>
 */
public final class NumberLoop extends LogitLoop {
  private NumberLoop(LoopOptions options) {
    super(options, LoopContract.numberedTokens(options.model(), options.batch(), options.inputs()));
  }

  /** A loop over one sequence: see {@link Builder}. */
  public static NumberLoop of(OnnxModel model) {
    return builder(model).build();
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
     * @throws ModelException if the model has no inputs of tokens and numbers, or no outputs of
     *     logits and numbers
     */
    public NumberLoop build() {
      return new NumberLoop(options());
    }
  }

  /**
   * Appends tokens to each row and computes the logits and the number of the next one. If it fails,
   * the loop is unchanged.
   *
   * @param tokens b rows of n tokens
   * @param numbers b rows of n numbers: the values of the number tokens; those at other tokens have
   *     no effect
   * @throws RequestException if there is no token, the rows are not of equal length, or the value
   *     of a number token is not finite; a {@link TokenException} if a token is not in the
   *     vocabulary
   * @throws BusyException if it is the first call and the wait queue is full (see {@link
   *     ModelOptions#runLimit}); or if another thread uses the loop
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if ONNX Runtime fails
   */
  public void feed(long[][] tokens, double[][] numbers, Cancellation cancellation) {
    lock()
        .run(
            () -> {
              check(tokens, numbers);
              fed().append(tokens, numbers);
              computeAppended(tokens[0].length, cancellation);
            });
  }

  private void check(long[][] tokens, double[][] numbers) {
    if (tokens.length != batch() || numbers.length != batch()) {
      throw new RequestException(
          "%s rows of tokens and %s of numbers for a loop over %s"
              .formatted(tokens.length, numbers.length, batch()));
    }
    for (int row = 0; row < tokens.length; row++) {
      int n = tokens[row].length;
      if (n == 0 || n != tokens[0].length || n != numbers[row].length) {
        throw new RequestException(
            "row %s has %s tokens and %s numbers, and row 0 has %s tokens; all need the same count, 1 or more"
                .formatted(row, n, numbers[row].length, tokens[0].length));
      }
      int checked = row;
      options().model().inputVocabulary().check(i -> location(i, checked), tokens[row]);
      checkFinite(row, tokens[row], numbers[row]);
    }
  }

  private void checkFinite(int row, long[] tokens, double[] numbers) {
    int number = options().model().metadata().numberToken().orElse(-1);
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == number && !Double.isFinite(numbers[i])) {
        throw new RequestException(
            "token %s at %s stands for a number, which is %s; it must be finite"
                .formatted(number, location(i, row), numbers[i]));
      }
    }
  }

  /**
   * The value of the token that follows row {@code row}, if it is the number token.
   *
   * @throws RequestException if nothing has been fed, or there is no such row
   */
  public double number(int row) {
    return lock()
        .get(
            () -> {
              requireFed();
              return calls().readLastNumber(row);
            });
  }
}
