package ai.transonnx.runtime.generation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Keeps the numbers of new tokens, and passes tokens and numbers to a listener. For one thread. */
final class PredictedNumbers implements TokenListener {
  private final TokenListener listener;
  private final long numberToken;
  private final IntToDoubleFunction predicted;
  private final DoubleStream.Builder[] numbers;

  /**
   * @param predicted the number of a row's next token, if it is {@code numberToken}
   */
  PredictedNumbers(
      TokenListener listener, int rows, long numberToken, IntToDoubleFunction predicted) {
    this.listener = listener;
    this.numberToken = numberToken;
    this.predicted = predicted;
    this.numbers = new DoubleStream.Builder[rows];
    Arrays.setAll(numbers, row -> DoubleStream.builder());
  }

  @Override
  public void onToken(int row, long token) {
    listener.onToken(row, token);
    double number = token == numberToken ? predicted.applyAsDouble(row) : Double.NaN;
    numbers[row].add(number);
    if (token == numberToken) {
      listener.onNumber(row, number);
    }
  }

  @Override
  public void onText(int row, String text) {
    listener.onText(row, text);
  }

  /** The numbers of each row. */
  List<double[]> rows() {
    return Stream.of(numbers).map(row -> row.build().toArray()).toList();
  }
}
