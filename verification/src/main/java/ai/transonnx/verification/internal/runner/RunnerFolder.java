package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The folder of a runner's process: its program, the tensors of the call that runs, and a folder
 * for its own temporary files. For one thread.
 */
public final class RunnerFolder implements AutoCloseable {
  private static final String TEMPORARY = "tmp";

  private final TemporaryFolder folder;

  private RunnerFolder(TemporaryFolder folder) {
    this.folder = folder;
  }

  /** An empty folder, which no other user can read. */
  public static RunnerFolder create() throws IOException {
    var folder = TemporaryFolder.create();
    try {
      Files.createDirectory(folder.path().resolve(TEMPORARY));
      return new RunnerFolder(folder);
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  /** A path in the folder. */
  public Path resolve(String name) {
    return folder.path().resolve(name);
  }

  /** The folder for the process's own temporary files. */
  public Path temporary() {
    return resolve(TEMPORARY);
  }

  /**
   * Writes a resource beside {@code owner} into the folder.
   *
   * @return the file, which has the resource's name
   */
  public Path unpack(Class<?> owner, String resource) throws IOException {
    try (var input = owner.getResourceAsStream(resource)) {
      if (input == null) {
        throw new IOException("the resource " + resource + " is missing");
      }
      write(resource, ByteBuffer.wrap(input.readAllBytes()));
    }
    return resolve(resource);
  }

  /** Writes a jar that has some classes. */
  Path jar(String name, List<Class<?>> classes) throws IOException {
    try (var jar = new JarOutputStream(Channels.newOutputStream(folder.create(name)))) {
      for (var type : classes) {
        var path = type.getName().replace('.', '/') + ".class";
        try (var input = type.getResourceAsStream("/" + path)) {
          if (input == null) {
            throw new IOException("the class " + type.getName() + " is missing");
          }
          jar.putNextEntry(new JarEntry(path));
          input.transferTo(jar);
        }
      }
    }
    return resolve(name);
  }

  /** Writes a new file. */
  public Path write(String name, String text) throws IOException {
    write(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    return resolve(name);
  }

  private void write(String name, ByteBuffer bytes) throws IOException {
    try (var file = folder.create(name)) {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  /** Writes a new safetensors file. */
  Path write(String name, Map<String, Tensor> tensors) throws IOException {
    try (var file = folder.create(name)) {
      SafetensorsWriter.write(file, tensors);
    }
    return resolve(name);
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
