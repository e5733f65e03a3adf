package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The result of a generation: the new tokens of each row, without the prompt, and the reason why
 * the row ended. Rows are not padded, so rows that end with a stop token are shorter than others.
 * Immutable; threads may share it.
 */
public final class Generation {
  private final List<long[]> tokens;
  private final List<FinishReason> reasons;
  private final List<String> texts;
  private final List<List<Beam>> beams;
  private final List<double[]> numbers;
  private final OptionalLong seed;

  /**
   * The result of all rows.
   *
   * @param texts those of all rows, or none
   */
  Generation(
      List<long[]> tokens, List<FinishReason> reasons, List<String> texts, OptionalLong seed) {
    this(tokens, reasons, texts, List.of(), List.of(), seed);
  }

  private Generation(
      List<long[]> tokens,
      List<FinishReason> reasons,
      List<String> texts,
      List<List<Beam>> beams,
      List<double[]> numbers,
      OptionalLong seed) {
    this.numbers = List.copyOf(numbers);
    this.beams = List.copyOf(beams);
    this.tokens = List.copyOf(tokens);
    this.reasons = List.copyOf(reasons);
    this.texts = List.copyOf(texts);
    this.seed = seed;
  }

  /** The result of a beam search. */
  static Generation ofBeams(List<List<Beam>> beams, OptionalLong seed) {
    var best = beams.stream().map(row -> row.get(0)).toList();
    return new Generation(
        best.stream().map(Beam::tokens).toList(),
        best.stream().map(Beam::finishReason).toList(),
        best.stream().flatMap(Beam::textIfAny).toList(),
        beams,
        List.of(),
        seed);
  }

  /** This result with the numbers that its tokens stand for. */
  Generation withNumbers(List<double[]> predicted) {
    return new Generation(tokens, reasons, texts, beams, predicted, seed);
  }

  /** The number of rows. */
  public int rows() {
    return tokens.size();
  }

  /**
   * The new tokens of a row.
   *
   * @throws RequestException if there is no such row
   */
  public long[] tokens(int row) {
    return tokens.get(checked(row)).clone();
  }

  /**
   * The numbers that the new tokens of a row stand for: one for each token, NaN where the token is
   * not the number token.
   *
   * @throws RequestException if there is no such row, or the model predicts no numbers
   */
  public double[] numbers(int row) {
    int index = checked(row);
    if (numbers.isEmpty()) {
      throw new RequestException("the model predicts no numbers");
    }
    return numbers.get(index).clone();
  }

  /**
   * The new text of a row: that of its tokens, without special tokens, a stop text, and a character
   * whose tokens are incomplete.
   *
   * @throws RequestException if there is no such row, or the request had no tokenizer
   */
  public String text(int row) {
    int index = checked(row);
    if (texts.isEmpty()) {
      throw new RequestException("the generation has no text: its request had no tokenizer");
    }
    return texts.get(index);
  }

  /**
   * The continuations that a beam search kept for a row, the most likely one first: at most {@link
   * GenerationOptions#beams}. The tokens and the text of the row are those of the first.
   *
   * @throws RequestException if there is no such row, or the generation was not a beam search
   */
  public List<Beam> beams(int row) {
    int index = checked(row);
    if (beams.isEmpty()) {
      throw new RequestException("the generation was not a beam search; its options had no beams");
    }
    return beams.get(index);
  }

  /**
   * The reason why a row ended.
   *
   * @throws RequestException if there is no such row
   */
  public FinishReason finishReason(int row) {
    return reasons.get(checked(row));
  }

  private int checked(int row) {
    if (row < 0 || row >= rows()) {
      throw new RequestException(
          "row %s: the generation has rows 0 to %s".formatted(row, rows() - 1));
    }
    return row;
  }

  /**
   * The seed with which the tokens were drawn: {@link
   * ai.transonnx.runtime.sampling.Sampling.Builder#seed} with it generates the same tokens again.
   * Empty if nothing was random.
   */
  public OptionalLong seed() {
    return seed;
  }

  /** The number of new tokens in all rows. */
  public long size() {
    return IntStream.range(0, rows()).mapToLong(row -> tokens.get(row).length).sum();
  }

  /**
   * Each row's reason and tokens, and the seed if there is one, such as {@code Generation[LENGTH
   * [4, 8], STOP [3], seed=7]}.
   */
  @Override
  public String toString() {
    String all =
        IntStream.range(0, rows())
            .mapToObj(row -> reasons.get(row) + " " + Arrays.toString(tokens.get(row)))
            .collect(Collectors.joining(", "));
    return "Generation[%s%s]".formatted(all, seed.isPresent() ? ", seed=" + seed.getAsLong() : "");
  }
}
