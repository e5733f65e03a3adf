package ai.transonnx.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Comma-separated tokens, as one value of an option. A token that stands for a number may have its
 * value: {@code 5,3=0.25,7}.
 *
 * @param numbers as many as tokens; NaN for a token without a value
 */
record NumberedTokens(List<Long> tokens, List<Double> numbers) {
  NumberedTokens {
    tokens = List.copyOf(tokens);
    numbers = List.copyOf(numbers);
  }

  /**
   * Parses a text.
   *
   * @throws NumberFormatException if one of its parts is no token, or has a value that is no number
   */
  static NumberedTokens of(String text) {
    var tokens = new ArrayList<Long>();
    var numbers = new ArrayList<Double>();
    for (var part : text.split(",", -1)) {
      int sign = part.indexOf('=');
      tokens.add(Long.valueOf((sign < 0 ? part : part.substring(0, sign)).strip()));
      numbers.add(sign < 0 ? Double.NaN : Double.parseDouble(part.substring(sign + 1)));
    }
    return new NumberedTokens(tokens, numbers);
  }

  long[] toArray() {
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }

  /** Whether a token has a value. */
  boolean hasNumbers() {
    return numbers.stream().anyMatch(number -> !number.isNaN());
  }

  /** The values, as many as tokens; NaN for a token without one. */
  double[] values() {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Tokens in the form of the option. */
  static String text(long... tokens) {
    return Arrays.stream(tokens).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  /**
   * Tokens with their numbers in the form of the option.
   *
   * @param numbers as many as tokens; NaN for a token without a value
   */
  static String text(long[] tokens, double[] numbers) {
    return IntStream.range(0, tokens.length)
        .mapToObj(i -> tokens[i] + (Double.isNaN(numbers[i]) ? "" : "=" + shortest(numbers[i])))
        .collect(Collectors.joining(","));
  }

  /** The shortest text of a number; most are float32. */
  private static String shortest(double number) {
    float rounded = (float) number;
    return rounded == number ? Float.toString(rounded) : Double.toString(number);
  }

  /** Reads the value of an option. */
  static final class Converter implements ITypeConverter<NumberedTokens> {
    @Override
    public NumberedTokens convert(String text) {
      try {
        return of(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'%s' is not a list of tokens, such as 1,2,3".formatted(text));
      }
    }
  }
}
