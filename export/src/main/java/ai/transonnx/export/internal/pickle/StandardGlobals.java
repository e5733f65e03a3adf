package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bytes;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.LongText;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The globals that pickles of every format may use: Python's containers, and bytes. */
final class StandardGlobals {
  private static final Set<String> LATIN_1 = Set.of("latin1", "latin-1", "iso-8859-1");

  static final Map<String, PickleValue> ALL = all();

  private StandardGlobals() {}

  private static Map<String, PickleValue> all() {
    var names = new HashMap<String, PickleValue>();
    add(names, "collections", "OrderedDict", StandardGlobals::mapping);
    add(names, "collections", "defaultdict", arguments -> new Mapping());
    add(names, "collections", "Counter", arguments -> new Mapping());
    add(names, "_codecs", "encode", StandardGlobals::encode);
    for (var module : List.of("builtins", "__builtin__")) {
      add(names, module, "dict", StandardGlobals::mapping);
      add(names, module, "list", StandardGlobals::sequence);
      add(names, module, "set", StandardGlobals::sequence);
      add(names, module, "frozenset", StandardGlobals::sequence);
      add(names, module, "tuple", StandardGlobals::tuple);
      add(names, module, "bytes", StandardGlobals::bytes);
      add(names, module, "bytearray", StandardGlobals::bytes);
    }
    return Map.copyOf(names);
  }

  private static void add(
      Map<String, PickleValue> names, String module, String name, Constructor.Call call) {
    names.put(module + " " + name, new Constructor(module + "." + name, call));
  }

  /** A dictionary, empty or made from a list of pairs. The list has no other use and is cleared. */
  private static PickleValue mapping(Arguments arguments) {
    var mapping = new Mapping();
    if (arguments.count() > 0) {
      var pairs = arguments.value(0, "its content", Sequence.class).items();
      for (var item : pairs) {
        var pair = item instanceof Sequence list ? list.items() : List.<PickleValue>of();
        pair = item instanceof Tuple tuple ? tuple.items() : pair;
        if (pair.size() != 2) {
          throw new PickleException(
              "%s: %s is not a pair".formatted(arguments.owner(), item.description()));
        }
        mapping.put(pair.get(0), pair.get(1));
      }
      pairs.clear();
    }
    return mapping;
  }

  /** A list or a set, empty or made from a list. The list has no other use and is not copied. */
  private static PickleValue sequence(Arguments arguments) {
    return arguments.count() == 0
        ? new Sequence()
        : arguments.value(0, "its content", Sequence.class);
  }

  private static PickleValue tuple(Arguments arguments) {
    return arguments.count() == 0
        ? new Tuple(List.of())
        : arguments.value(0, "its content", Tuple.class);
  }

  /** {@code bytes()}, {@code bytearray(bytes)} or {@code bytearray(text, 'latin-1')}. */
  private static PickleValue bytes(Arguments arguments) {
    return switch (arguments.count()) {
      case 0 -> Latin1Content.of("");
      case 1 -> arguments.value(0, "its content", Bytes.class);
      default -> encode(arguments);
    };
  }

  /** Protocol 2 has no bytes: Python 3 writes a string, and a call that encodes it. */
  private static PickleValue encode(Arguments arguments) {
    String encoding = arguments.text(1, "the encoding").toLowerCase(Locale.ROOT);
    if (!LATIN_1.contains(encoding)) {
      throw arguments.invalid(1, "the encoding");
    }
    var text = arguments.value(0, "the encoded string");
    if (text instanceof Text shortText) {
      return Latin1Content.of(shortText.value());
    }
    return arguments.value(0, "the encoded string", LongText.class).latin1();
  }
}
