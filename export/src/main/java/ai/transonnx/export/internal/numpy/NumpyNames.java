package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import java.util.HashMap;
import java.util.Map;

/** What NumPy's arrays ask for in pickles; the modules have other names since NumPy 2. */
public final class NumpyNames {
  /** The names, each behind its module's. */
  public static final Map<String, PickleValue> ALL = all();

  private NumpyNames() {}

  private static Map<String, PickleValue> all() {
    var names = new HashMap<String, PickleValue>();
    add(names, "numpy", "dtype", NumpyTypeValue::of);
    add(names, "numpy", "ndarray", arguments -> new NumpyArray());
    for (var core : new String[] {"numpy.core", "numpy._core"}) {
      add(names, core + ".multiarray", "_reconstruct", arguments -> new NumpyArray());
      add(names, core + ".multiarray", "scalar", NumpyArray::scalar);
      add(names, core + ".numeric", "_frombuffer", NumpyArray::fromBuffer);
    }
    return Map.copyOf(names);
  }

  private static void add(
      Map<String, PickleValue> names, String module, String name, Constructor.Call call) {
    names.put(module + " " + name, new Constructor(module + "." + name, call));
  }
}
