package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a checkpoint's files.
 *
 * @param optimizers those with the parts of the weights, by process
 * @param models those with the names and shapes of the weights, by process; ZeRO-1 and ZeRO-2 write
 *     only that of the first
 */
record ZeroFiles(List<String> optimizers, List<String> models) {
  private static final Pattern OPTIMIZER =
      Pattern.compile("(?:\\w+_)?zero_pp_rank_(\\d{1,6})_mp_rank_(\\d+)_optim_states\\.pt");
  private static final Pattern MODEL =
      Pattern.compile("(?:zero_pp_rank_(\\d{1,6})_)?mp_rank_(\\d+)_model_states\\.pt");
  private static final Pattern UNSUPPORTED =
      Pattern.compile("(layer_\\d+.*|.*expp?_rank_.*|.*_expert_.*)_states\\.pt");

  ZeroFiles {
    optimizers = List.copyOf(optimizers);
    models = List.copyOf(models);
  }

  /**
   * Sorts the files of a folder.
   *
   * @throws InputException if a process has no file or two, or the model itself is divided among
   *     processes
   */
  static ZeroFiles of(List<String> names, Location folder) {
    var optimizers = new TreeMap<Integer, String>();
    var models = new TreeMap<Integer, String>();
    for (var name : names) {
      var optimizer = OPTIMIZER.matcher(name);
      var model = MODEL.matcher(name);
      if (UNSUPPORTED.matcher(name).matches()) {
        throw divided(folder);
      }
      if (optimizer.matches()) {
        add(optimizers, optimizer, name, folder);
      } else if (model.matches()) {
        add(models, model, name, folder);
      }
    }
    check(optimizers, "optim", folder);
    check(models, "model", folder);
    return new ZeroFiles(List.copyOf(optimizers.values()), List.copyOf(models.values()));
  }

  private static void add(
      TreeMap<Integer, String> files, Matcher name, String file, Location folder) {
    if (!name.group(2).matches("0+")) {
      throw divided(folder);
    }
    int process = name.group(1) == null ? 0 : Integer.parseInt(name.group(1));
    var other = files.put(process, file);
    if (other != null) {
      throw folder.error("two files are those of one process: %s, %s".formatted(other, file));
    }
  }

  private static InputException divided(Location folder) {
    return folder.error(
        "the model of this DeepSpeed checkpoint is divided among processes, by tensors, layers or"
            + " experts; convert it with DeepSpeed's ds_to_universal.py, and save a state dict");
  }

  private static void check(TreeMap<Integer, String> files, String kind, Location folder) {
    if (files.isEmpty()) {
      throw folder.error("it has no file whose name ends with _%s_states.pt".formatted(kind));
    }
    if (files.lastKey() != files.size() - 1) {
      throw folder.error(
          "%s is there, but only %s of the files whose names end with _%s_states.pt"
              .formatted(files.lastEntry().getValue(), files.size(), kind));
    }
  }
}
