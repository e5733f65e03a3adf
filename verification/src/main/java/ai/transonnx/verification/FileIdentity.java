package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.internal.config.Json;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.report.VerificationReport.ModelIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes a model file, with its hash. */
final class FileIdentity {
  private FileIdentity() {}

  /** The SHA-256 of a file followed by its external data. */
  static Fingerprint fingerprint(ModelFile model) {
    return Fingerprint.start(files(model));
  }

  private static List<Path> files(ModelFile model) {
    var files = new ArrayList<Path>();
    files.add(model.file());
    files.addAll(model.externalFiles());
    return files;
  }

  /**
   * The description of a file.
   *
   * @param name the file as the user named it
   * @param fingerprint the hash of its files
   */
  static ModelIdentity of(ModelFile model, String name, Fingerprint fingerprint) {
    var proto = model.proto();
    var graph = proto.getGraph();
    return new ModelIdentity(
        name,
        fingerprint.hex(),
        bytes(model),
        (proto.getProducerName() + " " + proto.getProducerVersion()).strip(),
        opset(model),
        className(model),
        ParameterCount.of(graph),
        graph.getNodeCount());
  }

  private static long bytes(ModelFile model) {
    long bytes = 0;
    for (var file : files(model)) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw new InputException(file + ": " + FileErrors.unreadable(e), e);
      }
    }
    return bytes;
  }

  private static int opset(ModelFile model) {
    return model.proto().getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToInt(set -> (int) set.getVersion())
        .findFirst()
        .orElse(0);
  }

  /** The library and class in the metadata; null for another program's file. */
  static @Nullable String className(ModelFile model) {
    var metadata = model.metadata();
    var library = metadata.get(MetadataKey.LIBRARY.key());
    var config = metadata.get(MetadataKey.CONFIG.key());
    if (library == null || config == null) {
      return null;
    }
    try {
      var name = Json.parse(config).path("class").asText();
      return name.isEmpty() ? library : library + " " + name;
    } catch (InputException e) {
      return library;
    }
  }
}
