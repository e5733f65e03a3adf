package ai.transonnx.export.internal.pickle;

import ai.transonnx.InputException;

/** What is wrong with a pickle; whoever reads the pickle adds where it lies. */
public final class PickleException extends InputException {
  public PickleException(String message) {
    super(message);
  }
}
