package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.Target;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.util.Optional;
import java.util.Set;

/**
 * The class of a file, from its metadata.
 *
 * @param emit the opset and precision; the target is {@link Target#PORTABLE}, and no weight is
 *     quantized
 * @param quantization how the file's weights are quantized, except that the weights that stay
 *     float32 are unknown; empty if they are not
 * @param isCalibrated whether the checkpoint alone does not determine the quantized weights
 */
record FileArchitecture(
    Architecture architecture,
    EmitOptions emit,
    Optional<Quantization> quantization,
    boolean isCalibrated) {
  private static final String CALIBRATED = " calibrated";
  private static final Set<String> STANDARD_DOMAINS = Set.of("", "ai.onnx");

  /**
   * Reads the metadata of a file.
   *
   * @throws NoTwinException if there is none, or it describes no class of this version
   */
  static FileArchitecture of(ModelFile file) {
    var library = entry(file, MetadataKey.LIBRARY);
    var config = entry(file, MetadataKey.CONFIG);
    var version = entry(file, MetadataKey.LIBRARY_VERSION);
    try {
      var precision = Precision.of(entry(file, MetadataKey.DTYPE));
      var json = Json.parse(config);
      ConfigLimits.check(json);
      var quantization = Optional.ofNullable(file.metadata().get(MetadataKey.QUANTIZATION.key()));
      return new FileArchitecture(
          Architectures.of(library(library, version), json),
          new EmitOptions(opset(file), Target.PORTABLE, precision),
          quantization.map(Quantization::of),
          quantization.filter(text -> text.endsWith(CALIBRATED)).isPresent());
    } catch (InputException e) {
      throw new NoTwinException(
          "its metadata describe no class of this version: " + firstLine(e.getMessage()));
    }
  }

  private static String entry(ModelFile file, MetadataKey key) {
    var value = file.metadata().get(key.key());
    if (value == null) {
      throw new NoTwinException(
          "it has no metadata entry '%s', so its class is unknown".formatted(key.key()));
    }
    return value;
  }

  /** The library; the version is the release if the library has several. */
  private static Library library(String id, String version) {
    var usual = Library.of(id);
    return usual.equals(Library.X_TRANSFORMERS) && !version.equals(usual.version())
        ? Library.custom(id, version)
        : usual;
  }

  private static int opset(ModelFile file) {
    return file.proto().getOpsetImportList().stream()
        .filter(imported -> STANDARD_DOMAINS.contains(imported.getDomain()))
        .mapToLong(OperatorSetIdProto::getVersion)
        .mapToInt(version -> (int) Math.min(version, Integer.MAX_VALUE))
        .max()
        .orElse(0);
  }

  /** The first line of a message, which may list several problems. */
  static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
