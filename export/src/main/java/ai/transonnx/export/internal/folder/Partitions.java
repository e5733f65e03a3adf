package ai.transonnx.export.internal.folder;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** The formats of folders in which each tensor may be divided among several files. */
public enum Partitions {
  /** {@code torch.distributed.checkpoint}: {@code .metadata} and {@code __0_0.distcp}. */
  DISTRIBUTED_CHECKPOINT("\\.metadata|.+\\.distcp"),

  /** DeepSpeed's ZeRO: the optimizer's float32 partition of each process. */
  DEEPSPEED("(\\w+_)?mp_rank_\\d+_(model|optim)_states\\.pt"),

  /** PyTorch's writer for Hugging Face, before its files are consolidated. */
  SAFETENSORS("shard-\\d{5}-.+\\.safetensors");

  private final Pattern file;

  Partitions(String file) {
    this.file = Pattern.compile(file);
  }

  /** Whether a name is that of a file of this format. */
  public boolean hasFile(String name) {
    return file.matcher(name).matches();
  }

  /** The format of a folder that has files of some names; empty if it is of none of these. */
  static Optional<Partitions> of(Collection<String> names) {
    for (var format : values()) {
      if (names.stream().anyMatch(format::hasFile)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
