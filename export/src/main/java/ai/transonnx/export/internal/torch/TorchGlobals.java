package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.numpy.NumpyGlobals;
import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.KnownGlobals;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.pickle.UnusableTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The globals in checkpoints of {@code torch.save}: tensors, and common values beside them. */
final class TorchGlobals {
  /** Functions that make tensors without plain elements, and the kind of tensor. */
  private static final Map<String, String> UNUSABLE =
      Map.of(
          "_rebuild_sparse_tensor", "a sparse tensor",
          "_rebuild_sparse_csr_tensor", "a sparse tensor",
          "_rebuild_nested_tensor", "a nested tensor",
          "_rebuild_qtensor", "a quantized tensor",
          "_rebuild_meta_tensor_no_storage", "a tensor on the device 'meta', without data");

  private static final Map<String, PickleValue> ALL = all();

  private TorchGlobals() {}

  /**
   * The globals of a PyTorch checkpoint that are evaluated.
   *
   * @param storage loads the storage with a persistent ID
   */
  static KnownGlobals allowed(Function<PickleValue, PickleValue> storage) {
    return KnownGlobals.standard().with(NumpyGlobals.ALL).with(ALL).withPersistent(storage);
  }

  private static Map<String, PickleValue> all() {
    var names = new HashMap<>(TorchTypes.names());
    add(names, "torch._utils", "_rebuild_tensor", TorchTensor::of);
    add(names, "torch._utils", "_rebuild_tensor_v2", TorchTensor::of);
    add(names, "torch._utils", "_rebuild_tensor_v3", TorchTensor::ofTyped);
    for (var function :
        List.of(
            "_rebuild_parameter",
            "_rebuild_parameter_with_state",
            "_rebuild_device_tensor_from_numpy",
            "_rebuild_device_tensor_from_cpu_tensor",
            "_rebuild_xla_tensor")) {
      add(names, "torch._utils", function, TorchGlobals::data);
    }
    for (var module : List.of("torch._tensor", "torch.tensor")) {
      add(names, module, "_rebuild_from_type", TorchGlobals::ofType);
      add(names, module, "_rebuild_from_type_v2", TorchGlobals::ofType);
    }
    UNUSABLE.forEach(
        (function, kind) ->
            add(names, "torch._utils", function, arguments -> new UnusableTensor(kind)));
    add(names, "torch._utils", "_rebuild_wrapper_subclass", TorchGlobals::ofSubclass);
    add(names, "torch", "Size", arguments -> arguments.value(0, "its sizes"));
    return names;
  }

  private static void add(
      Map<String, PickleValue> names, String module, String name, Constructor.Call call) {
    names.put(module + " " + name, new Constructor(module + "." + name, call));
  }

  /** {@code _rebuild_parameter(data, requires_grad, hooks)} and others: the tensor itself. */
  private static PickleValue data(Arguments arguments) {
    return arguments.value(0, "its data", TensorValue.class);
  }

  /** {@code _rebuild_wrapper_subclass(class, type, ...)}: a tensor whose data only it knows. */
  private static PickleValue ofSubclass(Arguments arguments) {
    return new UnusableTensor("a tensor of the subclass " + name(arguments.value(0, "its class")));
  }

  /** {@code _rebuild_from_type_v2(function, type, arguments, state)}: a tensor with attributes. */
  private static PickleValue ofType(Arguments arguments) {
    if (DistributedTensor.matches(arguments)) {
      return DistributedTensor.of(arguments);
    }
    var function = arguments.value(0, "its function");
    if (function instanceof Constructor constructor
        && constructor.name().startsWith("torch._utils._rebuild")) {
      return constructor.apply(arguments.value(2, "its arguments", Tuple.class).items());
    }
    return new UnusableTensor("a tensor that %s makes".formatted(name(function)));
  }

  private static String name(PickleValue value) {
    return value.description().replaceFirst("^the global ", "");
  }
}
