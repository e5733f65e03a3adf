package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.List;

/**
 * Arguments of a constructor, or the items of a state tuple. Each accessor takes the name of the
 * argument, for the error message.
 *
 * @param owner the constructor or state, for error messages
 */
public record Arguments(String owner, List<PickleValue> values) {
  private static final int MAX_RANK = 16;

  public Arguments {
    values = List.copyOf(values);
  }

  public int count() {
    return values.size();
  }

  /** The argument at an index. */
  public PickleValue value(int index, String name) {
    if (index >= values.size()) {
      throw new PickleException(
          "%s has %s arguments; %s is missing".formatted(owner, values.size(), name));
    }
    return values.get(index);
  }

  /** A value of a given class. */
  public <T extends PickleValue> T value(int index, String name, Class<T> type) {
    var value = value(index, name);
    if (!type.isInstance(value)) {
      throw invalid(index, name);
    }
    return type.cast(value);
  }

  /** A non-negative integer. */
  public long size(int index, String name) {
    return size(value(index, name), name);
  }

  /** Non-negative integers. */
  public long[] sizes(int index, String name) {
    var value = value(index, name);
    List<PickleValue> items;
    if (value instanceof Tuple tuple) {
      items = tuple.items();
    } else if (value instanceof Sequence list) {
      items = list.items();
    } else {
      throw invalid(index, name);
    }
    if (items.size() > MAX_RANK) {
      throw new PickleException(
          "%s: %s has %s numbers; at most %s are allowed"
              .formatted(owner, name, items.size(), MAX_RANK));
    }
    return items.stream().mapToLong(item -> size(item, name)).toArray();
  }

  private long size(PickleValue value, String name) {
    if (value instanceof Int number && number.value() >= 0) {
      return number.value();
    }
    throw new PickleException(
        "%s: %s: expected a non-negative integer, got %s"
            .formatted(owner, name, value.description()));
  }

  public boolean flag(int index, String name) {
    var value = value(index, name);
    if (value instanceof Int number && (number.value() | 1) == 1) {
      return number.value() == 1;
    }
    return value(index, name, Bool.class).value();
  }

  /** A short string. */
  public String text(int index, String name) {
    return PickleValue.text(value(index, name)).orElseThrow(() -> invalid(index, name));
  }

  /** The exception for an argument with a value that is not allowed. */
  public PickleException invalid(int index, String name) {
    return new PickleException(
        "%s: %s cannot be %s".formatted(owner, name, values.get(index).description()));
  }
}
