package ai.transonnx.config.builders;

import javax.lang.model.element.Element;

/** An invalid declaration of a configuration, reported to its author as a compile error. */
final class OptionException extends Exception {
  private final transient Element element;

  OptionException(Element element, String message) {
    super(message);
    this.element = element;
  }

  /** The invalid element. */
  Element element() {
    return element;
  }
}
