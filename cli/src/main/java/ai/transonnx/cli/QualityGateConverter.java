package ai.transonnx.cli;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.quality.QualityGate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a gate such as {@code kld=0.01,top1=0.95}. */
final class QualityGateConverter implements ITypeConverter<QualityGate> {
  @Override
  public QualityGate convert(String text) {
    try {
      return QualityGate.of(text);
    } catch (RequestException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
