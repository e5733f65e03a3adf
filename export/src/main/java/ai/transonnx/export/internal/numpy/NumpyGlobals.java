package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import java.util.HashMap;
import java.util.Map;

/** The globals of NumPy's arrays; NumPy 2 has renamed their modules. */
public final class NumpyGlobals {
  /** The globals, with keys of the form {@code module name}. */
  public static final Map<String, PickleValue> ALL = all();

  private NumpyGlobals() {}

  private static Map<String, PickleValue> all() {
    var names = new HashMap<String, PickleValue>();
    add(names, "numpy", "dtype", PickledDtype::of);
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
