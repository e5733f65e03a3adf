package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.numpy.NumpyGlobals;
import ai.transonnx.export.internal.pickle.AllowedGlobals;
import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.Opaque;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.internal.pickle.TensorValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The globals in checkpoints of {@code torch.save}: tensors, and common values beside them. */
final class TorchGlobals {
  private static final Map<String, PickleValue> ALL = all();

  private TorchGlobals() {}

  /**
   * The globals that a PyTorch checkpoint may use.
   *
   * @param storage loads the storage with a persistent ID
   */
  static AllowedGlobals allowed(Function<PickleValue, PickleValue> storage) {
    return AllowedGlobals.standard().with(NumpyGlobals.ALL).with(ALL).withPersistent(storage);
  }

  private static Map<String, PickleValue> all() {
    var names = new HashMap<>(TorchTypes.names());
    add(names, "torch._utils", "_rebuild_tensor", TorchTensor::of);
    add(names, "torch._utils", "_rebuild_tensor_v2", TorchTensor::of);
    add(names, "torch._utils", "_rebuild_tensor_v3", TorchTensor::ofTyped);
    add(names, "torch._utils", "_rebuild_parameter", TorchGlobals::parameter);
    add(names, "torch._utils", "_rebuild_parameter_with_state", TorchGlobals::parameter);
    for (var module : List.of("torch._tensor", "torch.tensor")) {
      add(names, module, "_rebuild_from_type", TorchGlobals::ofType);
      add(names, module, "_rebuild_from_type_v2", TorchGlobals::ofType);
    }
    add(names, "torch", "Size", arguments -> arguments.value(0, "its sizes"));
    add(names, "torch", "device", arguments -> new Opaque("a device"));
    add(names, "torch.serialization", "_get_layout", arguments -> new Opaque("a layout"));
    for (var type :
        List.of("torch Tensor", "torch.nn.parameter Parameter", "torch.nn.parameter Buffer")) {
      names.put(type, new Opaque("the class " + type.replace(' ', '.')));
    }
    return names;
  }

  private static void add(
      Map<String, PickleValue> names, String module, String name, Constructor.Call call) {
    names.put(module + " " + name, new Constructor(module + "." + name, call));
  }

  /** {@code _rebuild_parameter(data, requires_grad, hooks)}: the tensor itself. */
  private static PickleValue parameter(Arguments arguments) {
    return arguments.value(0, "its data", TensorValue.class);
  }

  /** {@code _rebuild_from_type_v2(function, type, arguments, state)}: a tensor with attributes. */
  private static PickleValue ofType(Arguments arguments) {
    var function = arguments.value(0, "its function", Constructor.class);
    if (!function.name().startsWith("torch._utils._rebuild")) {
      throw new PickleException("%s calls %s".formatted(arguments.owner(), function.name()));
    }
    return function.apply(arguments.value(2, "its arguments", Tuple.class).items());
  }
}
