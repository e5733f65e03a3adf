package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.Attributes;
import ai.transonnx.export.internal.pickle.Instance;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.graph.Shape;

/**
 * PyTorch's {@code DTensor}: the part of a tensor that one process has. It can be used if that is
 * the whole tensor.
 *
 * @param isSummand whether the tensor is the sum of what all processes have
 */
record DistributedTensor(Shape shape, TensorValue local, boolean isSummand) implements TensorValue {
  private static final int TYPE = 1;

  /** Whether the arguments of {@code _rebuild_from_type_v2} are those of such a tensor. */
  static boolean matches(Arguments arguments) {
    return arguments.value(TYPE, "its type") instanceof PickleValue.Global type
        && type.module().startsWith("torch.distributed.")
        && type.name().equals("DTensor");
  }

  /** {@code _rebuild_from_type_v2(function, type, arguments, state)}. */
  static DistributedTensor of(Arguments arguments) {
    var rebuild =
        new Arguments("a DTensor", arguments.value(2, "its arguments", Tuple.class).items());
    var state = attributes(arguments.value(3, "its state"));
    var local =
        TensorValue.of(state.get("_local_tensor"))
            .filter(tensor -> !(tensor instanceof DistributedTensor))
            .orElseThrow(() -> new PickleException("a DTensor's local tensor is no plain tensor"));
    var placements =
        Attributes.of("a DTensor's specification", state.get("_spec")).get("placements");
    return new DistributedTensor(
        Shape.of(rebuild.sizes(2, "its size")),
        local,
        !(placements instanceof Tuple tuple)
            || !tuple.items().stream().allMatch(DistributedTensor::isPlaced));
  }

  /** The attributes; of a class with {@code __slots__} those are the second of two dictionaries. */
  private static Attributes attributes(PickleValue state) {
    boolean hasSlots = state instanceof Tuple tuple && tuple.items().size() == 2;
    return Attributes.of("a DTensor", hasSlots ? ((Tuple) state).items().get(1) : state);
  }

  private static boolean isPlaced(PickleValue placement) {
    return placement instanceof Instance object
        && (object.typeName().endsWith("Shard") || object.typeName().endsWith(".Replicate"));
  }

  @Override
  public TensorData data() {
    var data = local.data();
    if (isSummand || !data.shape().equals(shape)) {
      throw new PickleException(
          "it is one process's part %s of a tensor %s; save the full state dict, or a distributed checkpoint (torch.distributed.checkpoint.save)"
              .formatted(data.shape(), shape));
    }
    return data;
  }

  @Override
  public String description() {
    return "a part of a tensor of shape " + shape;
  }
}
