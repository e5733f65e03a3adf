package ai.transonnx.export.internal.pickle;

import ai.transonnx.InputException;

/** An error in a pickle. The reader of the pickle adds the file and the position. */
public final class PickleException extends InputException {
  public PickleException(String message) {
    super(message);
  }
}
