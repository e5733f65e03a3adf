package ai.transonnx.export.internal.distributed;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.Checkpoint;
import ai.transonnx.export.internal.pickle.KnownGlobals;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleInput;
import ai.transonnx.export.internal.pickle.PickleReader;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.internal.zip.PartFiles;
import ai.transonnx.export.weights.WeightFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A folder that {@code torch.distributed.checkpoint.save} has written. */
public final class DistributedFolder {
  private static final String INDEX = ".metadata";

  private static final KnownGlobals GLOBALS =
      KnownGlobals.standard()
          .with(
              Map.of(
                  "torch Size",
                  new Constructor("torch.Size", arguments -> arguments.value(0, "its sizes"))));

  private DistributedFolder() {}

  /**
   * Opens a folder and all its files.
   *
   * @param key the key of the state dict within the checkpoint; empty to search the usual keys
   * @throws InputException if a file is missing, unreadable or not valid
   */
  public static WeightFile open(Path folder, Optional<String> key) {
    var files = new PartFiles(folder);
    try {
      var contents = contents(folder, key, files);
      return new TensorFile(
          folder, files.paths(), "PyTorch distributed checkpoint", contents, files);
    } catch (Throwable e) {
      files.close();
      throw e;
    }
  }

  private static FileContents contents(Path folder, Optional<String> key, PartFiles files) {
    MappedFile file = files.file(INDEX);
    var location = Location.of(file.path());
    var metadata = PickleReader.read(location, new PickleInput(file, file.size()), GLOBALS);
    PickleValue checkpoint;
    try {
      checkpoint = checkpoint(Index.of(metadata), files);
    } catch (PickleException e) {
      throw location.error(String.valueOf(e.getMessage()));
    }
    return Checkpoint.contents(checkpoint, key, TensorValue::of, Location.of(folder));
  }

  /** The dictionary that was saved, with its tensors alone. */
  private static Mapping checkpoint(Index index, PartFiles files) {
    var top = new Mapping();
    var inner = new HashMap<List<PickleValue>, Mapping>();
    index
        .tensors()
        .forEach(
            (name, stored) -> {
              var path = index.paths().getOrDefault(name, List.of(new Text(name)));
              var parent = parent(path, top, inner);
              var tensor = new ChunkedTensor(name, stored, index.regions(), files);
              parent.put(path.get(path.size() - 1), tensor);
            });
    return top;
  }

  /** The dictionary that the keys before the last one lead to. */
  private static Mapping parent(
      List<PickleValue> path, Mapping top, Map<List<PickleValue>, Mapping> inner) {
    var parent = top;
    for (int length = 1; length < path.size(); length++) {
      var key = path.get(length - 1);
      var start = path.subList(0, length);
      var known = inner.get(start);
      if (known == null) {
        known = new Mapping();
        inner.put(List.copyOf(start), known);
        parent.put(key, known);
      }
      parent = known;
    }
    return parent;
  }
}
