package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that a pickle describes. Values may contain each other cyclically. */
public sealed interface PickleValue {
  /** The most bytes of a string that is decoded while reading. */
  int MAX_SHORT_TEXT = 1024;

  /** A description of the value for error messages, such as {@code the number 7}. */
  String description();

  /**
   * Sets the state of an object after its construction, as {@code __setstate__} does.
   *
   * @throws PickleException if this value has no state
   */
  default void build(PickleValue state) {
    throw new PickleException("%s cannot have a state".formatted(description()));
  }

  /** The value as a string, if it is a short one. Python 2 wrote strings as bytes. */
  static Optional<String> text(PickleValue value) {
    if (value instanceof Text text) {
      return Optional.of(text.value());
    }
    if (value instanceof Bytes bytes && bytes.length() <= MAX_SHORT_TEXT) {
      var slice = bytes.content().slice(0, (int) bytes.length());
      return Optional.of(StandardCharsets.ISO_8859_1.decode(slice).toString());
    }
    return Optional.empty();
  }

  /** {@code None}. */
  record None() implements PickleValue {
    @Override
    public String description() {
      return "None";
    }
  }

  record Bool(boolean value) implements PickleValue {
    @Override
    public String description() {
      return value ? "True" : "False";
    }
  }

  /** An integer that fits 64 bits. */
  record Int(long value) implements PickleValue {
    @Override
    public String description() {
      return "the number " + value;
    }
  }

  record Real(double value) implements PickleValue {
    @Override
    public String description() {
      return "the number " + value;
    }
  }

  /** An integer that does not fit 64 bits. */
  record HugeInt(int bits) implements PickleValue {
    @Override
    public String description() {
      return "a number of %s bits".formatted(bits);
    }
  }

  /** A string of at most {@link #MAX_SHORT_TEXT} bytes. */
  record Text(String value) implements PickleValue {
    @Override
    public String description() {
      return "the string '" + Printable.of(value) + "'";
    }
  }

  /** A long string, which stays in the file. */
  final class LongText implements PickleValue {
    private final Content utf8;
    private final long length;
    private @Nullable Bytes latin1;

    LongText(Content utf8, long length) {
      this.utf8 = utf8;
      this.length = length;
    }

    /** The string in Latin-1. */
    Bytes latin1() {
      if (latin1 == null) {
        latin1 = Latin1Content.of(utf8, length);
      }
      return latin1;
    }

    @Override
    public String description() {
      return "a string of %s bytes".formatted(length);
    }
  }

  /** Bytes, which stay in the file. */
  record Bytes(Content content, long length) implements PickleValue {
    @Override
    public String description() {
      return "%s bytes".formatted(length);
    }
  }

  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }

    @Override
    public String description() {
      return "a tuple";
    }
  }

  /** A list or a set, which grows while the pickle is read. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>();

    public List<PickleValue> items() {
      return items;
    }

    @Override
    public String description() {
      return "a list";
    }
  }

  /** A dictionary, in its own order. It grows while the pickle is read; keys may repeat. */
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
    public String description() {
      return "a dictionary";
    }

    /** Ignores attributes of a dictionary, such as a state dict's {@code _metadata}. */
    @Override
    public void build(PickleValue state) {}
  }

  /** A global that makes a value from arguments: a class or a function. */
  record Constructor(String name, Call call) implements PickleValue {
    /** Makes a value. */
    @FunctionalInterface
    public interface Call {
      PickleValue of(Arguments arguments);
    }

    @Override
    public String description() {
      return "the global " + name;
    }

    /**
     * Makes a value from arguments.
     *
     * @throws PickleException if the arguments are not valid
     */
    public PickleValue apply(List<PickleValue> arguments) {
      return call.of(new Arguments(name, arguments));
    }
  }

  /** A class or function that the reader does not know. It is never called. */
  record Global(String module, String name) implements PickleValue {
    /** For example {@code argparse.Namespace}. */
    public String qualifiedName() {
      return Printable.of(module) + "." + Printable.of(name);
    }

    @Override
    public String description() {
      return "the global " + qualifiedName();
    }

    /** Ignores attributes of a class or function. */
    @Override
    public void build(PickleValue state) {}
  }

  /** An object of a class that is not one of Python's own. */
  non-sealed interface LibraryObject extends PickleValue {}
}
