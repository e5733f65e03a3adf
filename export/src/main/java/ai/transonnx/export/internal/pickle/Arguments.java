package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.List;

/**
 * Arguments of a constructor, or the parts of a state. Each is asked for with what it is, for the
 * message if it is something else.
 *
 * @param of whose arguments they are
 */
public record Arguments(String of, List<PickleValue> values) {
  private static final int MAX_RANK = 64;

  public Arguments {
    values = List.copyOf(values);
  }

  public int count() {
    return values.size();
  }

  /** The argument at an index. */
  public PickleValue value(int index, String what) {
    if (index >= values.size()) {
      throw new PickleException(
          "%s has %s arguments, and lacks its %s".formatted(of, values.size(), what));
    }
    return values.get(index);
  }

  /** A value of one class. */
  public <T extends PickleValue> T value(int index, String what, Class<T> type) {
    var value = value(index, what);
    if (!type.isInstance(value)) {
      throw wrong(index, what);
    }
    return type.cast(value);
  }

  /** A number that is not negative. */
  public long size(int index, String what) {
    return size(value(index, what), what);
  }

  /** Numbers that are not negative. */
  public long[] sizes(int index, String what) {
    var value = value(index, what);
    List<PickleValue> items;
    if (value instanceof Tuple tuple) {
      items = tuple.items();
    } else if (value instanceof Sequence list) {
      items = list.items();
    } else {
      throw wrong(index, what);
    }
    if (items.size() > MAX_RANK) {
      throw new PickleException(
          "%s: %s has %s numbers; at most %s are allowed"
              .formatted(of, what, items.size(), MAX_RANK));
    }
    return items.stream().mapToLong(item -> size(item, what)).toArray();
  }

  private long size(PickleValue value, String what) {
    if (value instanceof Int number && number.value() >= 0) {
      return number.value();
    }
    throw new PickleException(
        "%s: %s must be of whole numbers from 0 on, got %s".formatted(of, what, value.kind()));
  }

  public boolean flag(int index, String what) {
    var value = value(index, what);
    if (value instanceof Int number && (number.value() | 1) == 1) {
      return number.value() == 1;
    }
    return value(index, what, Bool.class).value();
  }

  /** A short text. */
  public String text(int index, String what) {
    return Texts.of(value(index, what)).orElseThrow(() -> wrong(index, what));
  }

  /** What to say of an argument that is of another kind than it must be. */
  public PickleException wrong(int index, String what) {
    return new PickleException("%s: %s cannot be %s".formatted(of, what, values.get(index).kind()));
  }
}
