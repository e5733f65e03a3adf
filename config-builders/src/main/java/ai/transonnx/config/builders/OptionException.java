package ai.transonnx.config.builders;

import javax.lang.model.element.Element;

/** A configuration is not declared as one; the message is for who compiles it. */
final class OptionException extends Exception {
  private final transient Element element;

  OptionException(Element element, String message) {
    super(message);
    this.element = element;
  }

  /** What is wrong. */
  Element element() {
    return element;
  }
}
