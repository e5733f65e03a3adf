package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.Attributes;
import ai.transonnx.export.internal.pickle.Checkpoint;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.torch.TorchZipFile;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.zip.PartFiles;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A folder with one of DeepSpeed's ZeRO checkpoints, such as {@code global_step100}. */
public final class ZeroFolder {
  private static final String GROUPS = "single_partition_of_fp32_groups";
  private static final String PARTS = "fp32_flat_groups";
  private static final String OPTIMIZER = "optimizer_state_dict";

  private final Path folder;
  private final PartFiles files;
  private final ZeroFiles names;

  private ZeroFolder(Path folder, PartFiles files, ZeroFiles names) {
    this.folder = folder;
    this.files = files;
    this.names = names;
  }

  /**
   * Opens a folder and all its files.
   *
   * @param names the names in the folder
   * @throws InputException if a file is missing, unreadable or not valid
   */
  public static WeightFile open(Path folder, List<String> names) {
    var found = ZeroFiles.of(names, Location.of(folder));
    var files = new PartFiles(folder);
    try {
      var checkpoint = new ZeroFolder(folder, files, found).checkpoint();
      var contents =
          Checkpoint.contents(checkpoint, Optional.empty(), TensorValue::of, Location.of(folder));
      return new TensorFile(folder, files.paths(), "DeepSpeed ZeRO checkpoint", contents, files);
    } catch (Throwable e) {
      files.close();
      throw e;
    }
  }

  private Mapping checkpoint() {
    var models = new ArrayList<Attributes>();
    var flat = new ArrayList<List<FlatWeights>>();
    names.models().forEach(name -> read(name, saved -> models.add(saved)));
    boolean[] isGrouped = {false};
    for (var name : names.optimizers()) {
      read(
          name,
          saved -> {
            var state = Attributes.of(OPTIMIZER, saved.get(OPTIMIZER));
            checkCount(state);
            isGrouped[0] = state.find(GROUPS).isPresent();
            flat.add(FlatWeights.listed(state.get(isGrouped[0] ? GROUPS : PARTS)));
          });
    }
    try {
      return isGrouped[0] ? ofGroups(models.get(0), flat) : ofParts(models, flat);
    } catch (PickleException | ArithmeticException e) {
      throw Location.of(folder).error(String.valueOf(e.getMessage()));
    }
  }

  /** An action on a file's top-level values. */
  private interface Reading {
    void accept(Attributes saved);
  }

  private void read(String name, Reading reading) {
    var file = files.file(name);
    var location = Location.of(file.path());
    var archive = files.archive(file, file.size(), location);
    if (TorchZipFile.pickle(archive).isEmpty()
        || archive.entries().values().stream().anyMatch(entry -> entry.isDeflated())) {
      throw location.error("it is not an uncompressed archive of PyTorch");
    }
    try {
      reading.accept(Attributes.ofAll("the checkpoint", TorchZipFile.saved(archive)));
    } catch (PickleException e) {
      throw location.error(String.valueOf(e.getMessage()));
    }
  }

  /** Checks that no process's file is missing. */
  private void checkCount(Attributes state) {
    if (state.find("ds_zero_partition_groups").isPresent()) {
      throw new PickleException(
          "its experts are divided among processes; convert it with DeepSpeed's"
              + " ds_to_universal.py");
    }
    long count = count(state.get("partition_count"));
    if (count != names.optimizers().size()) {
      throw new PickleException(
          "%s processes have written the checkpoint, and the folder has the files of %s"
              .formatted(count, names.optimizers().size()));
    }
  }

  /** A number, or the largest of those of all groups. */
  static long count(PickleValue value) {
    var all = value instanceof Sequence list ? list.items() : List.of(value);
    long largest = 0;
    for (var item : all) {
      if (!(item instanceof Int number)) {
        throw new PickleException("its 'partition_count' has " + item.description());
      }
      largest = Math.max(largest, number.value());
    }
    return largest;
  }

  private static Mapping ofGroups(Attributes model, List<List<FlatWeights>> flat) {
    var weights = new LinkedHashMap<String, PickleValue>(buffers(model));
    model
        .find("frozen_param_fragments")
        .ifPresent(frozen -> weights.putAll(Attributes.ofAll("frozen weights", frozen).values()));
    weights.putAll(ZeroWeights.ofGroups(ShapeGroups.of(model.get("param_shapes")), flat));
    return checkpoint(model, weights);
  }

  private static Mapping ofParts(List<Attributes> models, List<List<FlatWeights>> flat) {
    var model = models.get(0);
    var weights = new LinkedHashMap<String, PickleValue>(buffers(model));
    weights.putAll(frozenParts(models));
    var shapes = new LinkedHashMap<String, Shape>();
    ShapeGroups.of(model.get("param_shapes")).forEach(shapes::putAll);
    weights.putAll(ZeroWeights.ofParts(shapes, flat.stream().map(FlatWeights::joined).toList()));
    return checkpoint(model, weights);
  }

  /** Weights that are not trained; their parts are in the models' files. */
  private static Map<String, TensorValue> frozenParts(List<Attributes> models) {
    var frozen = models.get(0).find("frozen_param_shapes");
    var weights = new LinkedHashMap<String, TensorValue>();
    if (frozen.isEmpty()) {
      return weights;
    }
    var fragments = models.stream().map(model -> model.entries("frozen_param_fragments")).toList();
    for (var group : ShapeGroups.of(frozen.get())) {
      group.forEach(
          (name, shape) -> {
            var parts =
                fragments.stream().map(process -> FlatWeights.of(process.get(name))).toList();
            weights.putAll(ZeroWeights.ofParts(Map.of(name, shape), parts));
          });
    }
    return weights;
  }

  private static Map<String, PickleValue> buffers(Attributes model) {
    var buffers = new LinkedHashMap<String, PickleValue>();
    if (model.get("buffer_names") instanceof Sequence list && !list.items().isEmpty()) {
      var module = model.entries("module");
      for (var item : list.items()) {
        PickleValue.text(item)
            .ifPresent(name -> module.find(name).ifPresent(value -> buffers.put(name, value)));
      }
    }
    return buffers;
  }

  private static Mapping checkpoint(Attributes model, Map<String, PickleValue> weights) {
    model
        .find("shared_params")
        .ifPresent(
            shared ->
                Attributes.ofAll("shared weights", shared)
                    .values()
                    .forEach(
                        (name, same) ->
                            PickleValue.text(same)
                                .map(weights::get)
                                .ifPresent(value -> weights.putIfAbsent(name, value))));
    var checkpoint = new Mapping();
    weights.forEach((name, value) -> checkpoint.put(new Text(name), value));
    for (var name : List.of("ds_version", "global_steps")) {
      model.find(name).ifPresent(value -> checkpoint.put(new Text(name), value));
    }
    return checkpoint;
  }
}
