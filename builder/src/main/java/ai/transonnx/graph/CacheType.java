package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import java.util.Arrays;

/**
 * A smaller type for the KV cache of a float32 model. Keys and values are rounded when they are
 * written to the cache, and read as float32; all other state stays float32.
 *
 * <p>Immutable; threads may share it.
 */
public enum CacheType {
  /** 11 bits of precision, magnitudes up to 65504: half of float32's size. */
  FLOAT16(ElementType.FLOAT16);

  private final ElementType elements;

  CacheType(ElementType elements) {
    this.elements = elements;
  }

  /** The element type of the cached keys and values. */
  public ElementType elements() {
    return elements;
  }

  /**
   * The type of this name, such as {@code float16}.
   *
   * @throws InputException if there is none
   */
  public static CacheType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(name))
        .findAny()
        .orElseThrow(
            () -> new InputException("unknown cache dtype '%s'; expected float16".formatted(name)));
  }

  @Override
  public String toString() {
    return elements.toString();
  }
}
