package ai.transonnx.format;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The size of one dimension: a number, a name such as {@code batch}, or a sum of these such as
 * {@code length + 511}.
 *
 * <p>Two sizes are equal when they are the same for every value of the names in them, so {@code n +
 * 2 - 2} equals {@code n}. A size that cannot be inferred, since it is the result of a computation,
 * is <em>unknown</em>: a fresh symbol, equal only to itself.
 *
 * <p>Equal names have equal sizes within one call of a model. Immutable, so threads may share it.
 */
public final class Dim {
  private static final String UNKNOWN_PREFIX = "?";
  private static final SortedMap<String, Long> NO_TERMS = Collections.emptySortedMap();

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Longer texts are read as names. */
  private static final int LONGEST_SUM = 200;

  /** Up to 18 digits: any such number fits into a long. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private static final Pattern TERM =
      Pattern.compile("(?:(-?[0-9]{1,18})\\*)?([A-Za-z_][A-Za-z0-9_]*|\\?[0-9]*)");

  private final long constant;
  private final SortedMap<String, Long> terms;

  private Dim(long constant, SortedMap<String, Long> terms) {
    this.constant = constant;
    this.terms = terms;
  }

  /**
   * A fixed size.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public static Dim of(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a dimension cannot have the negative size " + size);
    }
    return new Dim(size, NO_TERMS);
  }

  /**
   * A size that is known only when the model runs.
   *
   * @throws IllegalArgumentException if {@code name} is not made of letters, digits and underscores
   */
  public static Dim of(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' does not name a dimension");
    }
    return symbol(name);
  }

  /** An unknown size; two of them are equal if their numbers are. */
  public static Dim unknown(int number) {
    return symbol(UNKNOWN_PREFIX + number);
  }

  /**
   * A size that a file does not specify, {@code ?}. Such dimensions are equal as values, but may
   * differ in size: check {@link #isUnknown} first.
   */
  public static Dim unknown() {
    return symbol(UNKNOWN_PREFIX);
  }

  private static Dim symbol(String name) {
    return new Dim(0, new TreeMap<>(Map.of(name, 1L)));
  }

  /**
   * The size that a file writes as {@code text}: a number, a name or a sum, in the form of {@link
   * #toString}. Any other text is a name, so that this never fails, and {@code
   * parse(text).toString()} is always {@code text}.
   *
   * <pre>{@code
   * Dim.parse("2*length + 1"); // equals Dim.of("length").times(2).plus(1)
   * Dim.parse("length / 2"); // a name, equal to itself alone
   * }</pre>
   */
  public static Dim parse(String text) {
    if (text.length() <= LONGEST_SUM && !NAME.matcher(text).matches()) {
      var sum = sum(text);
      if (sum != null && sum.toString().equals(text)) {
        return sum;
      }
    }
    return symbol(text);
  }

  /** Reads terms and a number after them; null if the text has another form. */
  private static @Nullable Dim sum(String text) {
    if (NUMBER.matcher(text).matches()) {
      return of(Long.parseLong(text));
    }
    var sum = of(0);
    for (var part : text.replace(" - ", " + -").split(" \\+ ", -1)) {
      var term = TERM.matcher(part);
      if (term.matches()) {
        var factor = term.group(1);
        sum = sum.plus(symbol(term.group(2)).times(factor == null ? 1 : Long.parseLong(factor)));
      } else if (NUMBER.matcher(part.startsWith("-") ? part.substring(1) : part).matches()) {
        sum = sum.plus(Long.parseLong(part));
      } else {
        return null;
      }
    }
    return sum.isFixed() ? null : sum;
  }

  /** Whether this is a number. */
  public boolean isFixed() {
    return terms.isEmpty();
  }

  /** Whether this is the fixed size {@code size}. */
  public boolean is(long size) {
    return isFixed() && constant == size;
  }

  /** Whether this is unknown, or a sum with an unknown in it. */
  public boolean isUnknown() {
    return !isFixed() && terms.firstKey().startsWith(UNKNOWN_PREFIX);
  }

  /**
   * The fixed size.
   *
   * @throws IllegalStateException if this is not fixed
   */
  public long size() {
    if (!isFixed()) {
      throw new IllegalStateException("dimension " + this + " has no fixed size");
    }
    return constant;
  }

  /** The sum. */
  public Dim plus(Dim other) {
    if (other.isFixed()) {
      return plus(other.constant);
    }
    var sum = new TreeMap<>(terms);
    other.terms.forEach((name, factor) -> sum.merge(name, factor, Long::sum));
    sum.values().removeIf(factor -> factor == 0);
    return new Dim(constant + other.constant, sum);
  }

  /** The sum; {@code size} may be negative. */
  public Dim plus(long size) {
    return new Dim(constant + size, terms);
  }

  /** The difference. */
  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  /** The product. */
  public Dim times(long factor) {
    if (isFixed() || factor == 0) {
      return new Dim(constant * factor, NO_TERMS);
    }
    var product = new TreeMap<>(terms);
    product.replaceAll((name, f) -> f * factor);
    return new Dim(constant * factor, product);
  }

  /** The product: unknown if neither size is fixed, but equal to the product of the same sizes. */
  public Dim times(Dim other) {
    if (isFixed()) {
      return other.times(constant);
    }
    if (other.isFixed()) {
      return times(other.constant);
    }
    String factors =
        Stream.of(this, other)
            .map(Dim::toString)
            .sorted()
            .collect(Collectors.joining(") * (", "(", ")"));
    return symbol(UNKNOWN_PREFIX + factors);
  }

  /** This size with names replaced; a name that is not in {@code bindings} stays. */
  public Dim substitute(Map<String, Dim> bindings) {
    Dim result = new Dim(constant, NO_TERMS);
    for (var term : terms.entrySet()) {
      var bound = bindings.get(term.getKey());
      var value = bound != null ? bound : symbol(term.getKey());
      result = result.plus(value.times(term.getValue()));
    }
    return result;
  }

  /** The name if this is a single name, else an empty string. */
  public String soleName() {
    boolean sole = constant == 0 && terms.size() == 1 && terms.containsValue(1L);
    return sole ? terms.firstKey() : "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim dim && dim.constant == constant && dim.terms.equals(terms);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(constant) + terms.hashCode();
  }

  /** Such as {@code 16}, {@code batch} or {@code 2*length + 1}. */
  @Override
  public String toString() {
    if (isFixed()) {
      return Long.toString(constant);
    }
    String names =
        terms.entrySet().stream()
            .map(t -> t.getValue() == 1 ? t.getKey() : t.getValue() + "*" + t.getKey())
            .collect(Collectors.joining(" + "));
    if (constant == 0) {
      return names;
    }
    return names + (constant > 0 ? " + " : " - ") + Math.abs(constant);
  }
}
