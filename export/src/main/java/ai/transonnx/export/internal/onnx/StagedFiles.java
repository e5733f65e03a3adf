package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.internal.file.PendingFiles;
import ai.transonnx.format.internal.file.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a model into a temporary folder beside its target, and gives the files their names when it
 * has been accepted.
 *
 * @param target the final names
 * @param writer writes the model and returns its files, the model first
 * @param acceptance accepts or refuses the written model, and returns further files by the ends of
 *     their names
 */
public record StagedFiles(
    OutputFiles target,
    Function<OutputFiles, List<Path>> writer,
    Function<Path, Map<String, byte[]>> acceptance) {
  /**
   * Writes the files.
   *
   * @return all files, the model first
   * @throws ai.transonnx.InputException if a file cannot be written
   */
  public List<Path> write() {
    try (var folder = TemporaryFolder.beside(target.model())) {
      var model = folder.path().resolve(String.valueOf(target.model().getFileName()));
      var written = writer.apply(new OutputFiles(model, target.tokenizer()));
      return commit(written, acceptance.apply(model));
    } catch (IOException e) {
      throw target.failed(e);
    }
  }

  private List<Path> commit(List<Path> written, Map<String, byte[]> others) throws IOException {
    var names = new ArrayList<Path>();
    try (var files = new PendingFiles()) {
      for (var other : others.entrySet()) {
        var name = target.model().resolveSibling(target.model().getFileName() + other.getKey());
        files.create(name).write(other.getValue());
        names.add(name);
      }
      // The model is replaced last: it has the names of the others.
      for (var file : written.subList(1, written.size())) {
        names.add(0, target.model().resolveSibling(String.valueOf(file.getFileName())));
        files.adopt(file, names.get(0));
      }
      files.adopt(written.get(0), target.model());
      names.add(0, target.model());
      boolean isDataStale = !names.contains(target.data()) && target.hasData();
      var staleTokenizer = target.staleTokenizer();
      files.commit();
      if (isDataStale) {
        Files.deleteIfExists(target.data());
      }
      if (staleTokenizer.isPresent()) {
        Files.deleteIfExists(staleTokenizer.get());
      }
    }
    return names;
  }
}
