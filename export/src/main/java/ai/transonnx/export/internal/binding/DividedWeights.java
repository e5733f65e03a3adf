package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognizes a file with the part of one process, whose tensors fit no model. */
final class DividedWeights {
  private static final Pattern FLAT = Pattern.compile("(.*\\.)?_?flat_param(_\\d+)?");

  private DividedWeights() {}

  /**
   * The problem of such a file, for people; empty if it is another one.
   *
   * @param unfit tensors that the model does not know, or needs in another shape
   */
  static Optional<String> problem(Collection<WeightTensor> unfit) {
    for (var tensor : unfit) {
      if (tensor.shape().elements() == 0) {
        return Optional.of(
            "'%s' is empty: this is a part of a checkpoint that is divided among processes, such as DeepSpeed's ZeRO-3; specify the folder of all its files, or convert it with zero_to_fp32.py, which DeepSpeed writes beside it"
                .formatted(Printable.of(tensor.name())));
      }
      if (FLAT.matcher(tensor.name()).matches()) {
        return Optional.of(
            "'%s' joins several weights: this is a part of a checkpoint that FSDP has divided among processes; save it with StateDictType.FULL_STATE_DICT, or as a distributed checkpoint (torch.distributed.checkpoint.save)"
                .formatted(Printable.of(tensor.name())));
      }
    }
    return Optional.empty();
  }
}
