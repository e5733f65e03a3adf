package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that a pickle describes. Values may contain each other in circles. */
public sealed interface PickleValue {
  /** For people: what kind of value this is, such as {@code a whole number}. */
  String kind();

  /**
   * Takes the state that the pickle gives an object after making it.
   *
   * @throws PickleException if this is nothing that has a state
   */
  default void build(PickleValue state) {
    throw new PickleException("%s cannot be given a state".formatted(kind()));
  }

  /** The value as a short text, if it is one; those of Python 2 were bytes. */
  static Optional<String> text(PickleValue value) {
    return Texts.of(value);
  }

  /** {@code None}. */
  record None() implements PickleValue {
    @Override
    public String kind() {
      return "None";
    }
  }

  record Bool(boolean value) implements PickleValue {
    @Override
    public String kind() {
      return value ? "True" : "False";
    }
  }

  /** A whole number that fits 64 bits. */
  record Int(long value) implements PickleValue {
    @Override
    public String kind() {
      return "the number " + value;
    }
  }

  /** A value of which only the kind is of interest. */
  record Opaque(String kind) implements PickleValue {}

  /** A short text. */
  record Text(String value) implements PickleValue {
    @Override
    public String kind() {
      return "the text '" + Printable.of(value) + "'";
    }
  }

  /** A long text, which stays in the file. */
  final class LongText implements PickleValue {
    private final Content utf8;
    private final long length;
    private @Nullable Bytes latin1;

    LongText(Content utf8, long length) {
      this.utf8 = utf8;
      this.length = length;
    }

    /** The text with a byte for each character, made once. */
    Bytes latin1() {
      if (latin1 == null) {
        latin1 = Latin1Content.of(utf8, length);
      }
      return latin1;
    }

    @Override
    public String kind() {
      return "a text of %s bytes".formatted(length);
    }
  }

  /** Bytes, which stay in the file. */
  record Bytes(Content content, long length) implements PickleValue {
    @Override
    public String kind() {
      return "%s bytes".formatted(length);
    }
  }

  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a tuple";
    }
  }

  /** A list or a set: it grows while the pickle is read. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>();

    public List<PickleValue> items() {
      return items;
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A dictionary, in its own order. It grows while the pickle is read; a key may stand twice. */
  final class Mapping implements PickleValue {
    /** A key with its value. */
    public record Entry(PickleValue key, PickleValue value) {}

    private final List<Entry> entries = new ArrayList<>();

    public List<Entry> entries() {
      return entries;
    }

    /** Adds an entry. */
    public void put(PickleValue key, PickleValue value) {
      entries.add(new Entry(key, value));
    }

    @Override
    public String kind() {
      return "a dictionary";
    }

    /** Attributes of a dictionary, such as a state dict's {@code _metadata}, are of no interest. */
    @Override
    public void build(PickleValue state) {}
  }

  /** Something that a pickle may ask for by name, and what it makes of arguments. */
  record Constructor(String name, Call call) implements PickleValue {
    /** Makes a value. */
    @FunctionalInterface
    public interface Call {
      PickleValue of(Arguments arguments);
    }

    @Override
    public String kind() {
      return "the name " + name;
    }

    /**
     * Calls it.
     *
     * @throws PickleException if it does not take these arguments
     */
    public PickleValue apply(List<PickleValue> arguments) {
      return call.of(new Arguments(name, arguments));
    }
  }

  /** A value of one of the libraries, made by a constructor. */
  non-sealed interface Built extends PickleValue {}
}
