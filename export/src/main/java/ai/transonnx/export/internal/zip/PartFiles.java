package ai.transonnx.export.internal.zip;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.weights.PlainName;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The open files in a folder, among which tensors are divided, and the archives in them. */
public final class PartFiles implements TensorFile.Resource, AutoCloseable {
  private static final int MAX_FILES = 10_000;

  private final Path folder;
  private final TreeMap<String, MappedFile> files = new TreeMap<>();
  private final List<ZipArchive> archives = new ArrayList<>();

  public PartFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * A file of the folder, which is opened at its first use.
   *
   * @throws InputException if it is missing or unreadable, it is not in the folder, or there are
   *     too many
   */
  public MappedFile file(String name) {
    var open = files.get(name);
    if (open != null) {
      return open;
    }
    if (!PlainName.matches(name)) {
      throw Location.of(folder)
          .error("its files must be in this folder, got '%s'".formatted(Printable.of(name)));
    }
    if (files.size() == MAX_FILES) {
      throw Location.of(folder).error("it has more than %s files".formatted(MAX_FILES));
    }
    var file = MappedFile.open(folder.resolve(name));
    files.put(name, file);
    return file;
  }

  /**
   * An archive in one of the files.
   *
   * @param bytes the archive alone
   * @throws InputException if it is not a complete, valid archive
   */
  public ZipArchive archive(Content bytes, long size, Location location) {
    var archive = new ZipArchive(bytes, size, location);
    archives.add(archive);
    return archive;
  }

  /** The paths of the files, sorted by name. */
  public List<Path> paths() {
    var paths = new ArrayList<Path>();
    files.values().forEach(file -> paths.add(file.path()));
    return paths;
  }

  @Override
  public boolean verifyChecksums() {
    archives.forEach(ZipArchive::verifyChecksums);
    return true;
  }

  @Override
  public void close() {
    files.values().forEach(MappedFile::close);
  }
}
