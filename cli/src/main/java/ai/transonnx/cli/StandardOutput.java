package ai.transonnx.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard output of a command. The first write that fails, such as to a closed pipe or a full
 * disk, throws; later writes are ignored, so that the command ends with one message.
 */
final class StandardOutput extends OutputStream {
  /** The output cannot be written. */
  static final class OutputException extends RuntimeException {
    private OutputException(IOException cause) {
      super("the output cannot be written: " + cause.getMessage(), cause);
    }
  }

  private final OutputStream stream;
  private boolean hasFailed;

  StandardOutput(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (hasFailed) {
      return;
    }
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      hasFailed = true;
      throw new OutputException(e);
    }
  }
}
