package ai.transonnx.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a command prints to. If that ends, as a pipe does whose reader has left, or a disk that is
 * full, the first write that fails ends the command; what is still printed on its way out is lost.
 */
final class StandardOutput extends OutputStream {
  /** The output cannot be written. */
  static final class OutputException extends RuntimeException {
    private OutputException(IOException cause) {
      super("the output cannot be written: " + cause.getMessage(), cause);
    }
  }

  private final OutputStream stream;
  private boolean hasEnded;

  StandardOutput(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (hasEnded) {
      return;
    }
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      hasEnded = true;
      throw new OutputException(e);
    }
  }
}
