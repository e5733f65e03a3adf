package ai.transonnx.export.internal.folder;

import java.util.regex.Pattern;

/** The kind of a file in a folder of weights, by its name. */
enum FileKind {
  /** A file that may be the weights, or an index of shards. */
  WEIGHTS,

  /** One of several files that an index lists. */
  SHARD,

  /** The tensors of one process of several. */
  PROCESS_PART,

  OTHER;

  private static final Pattern WEIGHT_FILE =
      Pattern.compile(".+\\.(safetensors|bin|pt|pth|ckpt|npz|pdparams|index\\.json)");

  private static final Pattern SHARD_FILE =
      Pattern.compile(".*\\d{5}-of-\\d{5}\\.(safetensors|bin|pt|pth)");

  /** For example {@code pytorch_model_rank0.bin} and {@code model_world_size_2_rank_0.pt}. */
  private static final Pattern PART_FILE = Pattern.compile(".*_rank_?\\d+\\.(bin|pt|pth)");

  /** What trainers write beside the weights. */
  private static final Pattern TRAINING_STATE =
      Pattern.compile(
          "(optim(izer)?|(lr_)?scheduler|sampler|dl_state_dict|rng_state|random_states|scaler"
              + "|training_args|trainer_state|extra_state)([_.\\d-].*)?\\.(bin|pt|pth)");

  static FileKind of(String name) {
    if (TRAINING_STATE.matcher(name).matches()) {
      return OTHER;
    }
    if (SHARD_FILE.matcher(name).matches()) {
      return SHARD;
    }
    if (PART_FILE.matcher(name).matches()) {
      return PROCESS_PART;
    }
    return WEIGHT_FILE.matcher(name).matches() ? WEIGHTS : OTHER;
  }
}
