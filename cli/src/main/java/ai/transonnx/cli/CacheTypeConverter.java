package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.graph.CacheType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the type of a KV cache, such as {@code float16}. */
final class CacheTypeConverter implements ITypeConverter<CacheType> {
  @Override
  public CacheType convert(String text) {
    try {
      return CacheType.of(text);
    } catch (InputException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
