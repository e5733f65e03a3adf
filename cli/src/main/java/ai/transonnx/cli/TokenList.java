package ai.transonnx.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Comma-separated tokens, as one value of an option. */
record TokenList(List<Long> tokens) {
  TokenList {
    tokens = List.copyOf(tokens);
  }

  /**
   * Parses a text.
   *
   * @throws NumberFormatException if one of its parts is no number
   */
  static TokenList of(String text) {
    return new TokenList(
        Arrays.stream(text.split(",", -1)).map(part -> Long.valueOf(part.strip())).toList());
  }

  long[] toArray() {
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }

  /** Reads the value of an option. */
  static final class Converter implements ITypeConverter<TokenList> {
    @Override
    public TokenList convert(String text) {
      try {
        return of(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'%s' is not a list of tokens, such as 1,2,3".formatted(text));
      }
    }
  }
}
