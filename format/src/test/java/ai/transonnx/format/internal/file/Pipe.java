package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.Path;

/** Named pipes. */
final class Pipe {
  private Pipe() {}

  /** Creates a pipe that nobody writes to: to open it blocks. */
  static Path create(Path file) throws IOException, InterruptedException {
    int code = new ProcessBuilder("mkfifo", file.toString()).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("mkfifo failed");
    }
    return file;
  }
}
