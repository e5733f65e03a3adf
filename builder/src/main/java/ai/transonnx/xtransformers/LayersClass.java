package ai.transonnx.xtransformers;

/** The classes that a stack of layers is configured by. */
public enum LayersClass {
  ENCODER("Encoder"),
  DECODER("Decoder"),
  CROSS_ATTENDER("CrossAttender");

  private final String className;

  LayersClass(String className) {
    this.className = className;
  }

  /** The class's name in the library. */
  @Override
  public String toString() {
    return className;
  }
}
