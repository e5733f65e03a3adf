package ai.transonnx.format;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The size of one dimension: a number, a name such as {@code batch}, or a sum of these such as
 * {@code length + 511}.
 *
 * <p>Two sizes are equal when they are the same for every value of the names in them, so {@code n +
 * 2 - 2} equals {@code n}. A size that cannot be told from the graph (the outcome of a computation)
 * is <em>unknown</em>: a name of its own that equals nothing else.
 */
public final class Dim {
  private static final String UNKNOWN_PREFIX = "?";
  private static final SortedMap<String, Long> NO_TERMS = Collections.emptySortedMap();

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
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("'" + name + "' does not name a dimension");
    }
    return new Dim(0, new TreeMap<>(Map.of(name, 1L)));
  }

  /** A size that is unknown; two of them are equal if their numbers are. */
  public static Dim unknown(int number) {
    return new Dim(0, new TreeMap<>(Map.of(UNKNOWN_PREFIX + number, 1L)));
  }

  public boolean isFixed() {
    return terms.isEmpty();
  }

  /** Whether this is the fixed size {@code size}. */
  public boolean is(long size) {
    return isFixed() && constant == size;
  }

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

  public Dim plus(Dim other) {
    if (other.isFixed()) {
      return plus(other.constant);
    }
    var sum = new TreeMap<>(terms);
    other.terms.forEach((name, factor) -> sum.merge(name, factor, Long::sum));
    sum.values().removeIf(factor -> factor == 0);
    return new Dim(constant + other.constant, sum);
  }

  public Dim plus(long size) {
    return new Dim(constant + size, terms);
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(long factor) {
    if (isFixed() || factor == 0) {
      return new Dim(constant * factor, NO_TERMS);
    }
    var product = new TreeMap<>(terms);
    product.replaceAll((name, f) -> f * factor);
    return new Dim(constant * factor, product);
  }

  /**
   * The product. Where neither size is fixed, all that is known of it is that it is this product.
   */
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
    return new Dim(0, new TreeMap<>(Map.of(UNKNOWN_PREFIX + factors, 1L)));
  }

  /** This size with names replaced; a name that {@code bindings} lacks stays. */
  public Dim substitute(Map<String, Dim> bindings) {
    Dim result = new Dim(constant, NO_TERMS);
    for (var term : terms.entrySet()) {
      var bound = bindings.get(term.getKey());
      var value = bound != null ? bound : new Dim(0, new TreeMap<>(Map.of(term.getKey(), 1L)));
      result = result.plus(value.times(term.getValue()));
    }
    return result;
  }

  /** The name, if this is one name and nothing else, else an empty string. */
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
