package ai.transonnx.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes of memory such as {@code 512M} and {@code 2G}. */
final class MemorySize implements ITypeConverter<Long> {
  /** Up to 9 digits: any such number of GiB fits into a long. */
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([kmg])b?");

  @Override
  public Long convert(String text) {
    var form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new TypeConversionException("'%s' is not a size such as 512M or 2G".formatted(text));
    }
    return Long.parseLong(form.group(1)) << shift(form.group(2));
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "k" -> 10;
      case "m" -> 20;
      default -> 30;
    };
  }
}
