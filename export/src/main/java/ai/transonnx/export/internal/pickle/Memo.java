package ai.transonnx.export.internal.pickle;

import java.util.HashMap;
import java.util.Map;

/** The values that a pickle may refer to again, by number. */
final class Memo {
  private static final int MAX_VALUES = 500_000;

  private final Map<Long, PickleValue> values = new HashMap<>();

  int size() {
    return values.size();
  }

  void put(long index, PickleValue value) {
    values.put(index, value);
    if (values.size() > MAX_VALUES) {
      throw new PickleException("its memo has more than %s values".formatted(MAX_VALUES));
    }
  }

  PickleValue get(long index) {
    var value = values.get(index);
    if (value == null) {
      throw new PickleException(
          "it refers to memo entry %s, which does not exist".formatted(index));
    }
    return value;
  }
}
