package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.Set;

/**
 * The architecture that the metadata of a file describe, built anew in float64: what the file must
 * compute, if its graph and its weights are those that its metadata claim.
 *
 * <p>The graph has the file's opset and constants, in the file's precision, and values of the same
 * names where the graphs agree; inputs, outputs and state are float64. ONNX Runtime's CPU provider
 * can run it.
 *
 * <pre>{@code
 * var twin = ArchitectureTwin.of(ModelFile.read(file), new TwinWeights.OfFile(), folder);
 * if (twin instanceof ArchitectureTwin.Built built) {
 *   OnnxModel.load(built.file());
 * }
 * }</pre>
 *
 * <p>Immutable, so threads may share it.
 */
public sealed interface ArchitectureTwin {
  /** The name of the twin's file. */
  String FILE = "architecture.onnx";

  /**
   * A twin.
   *
   * @param file the ONNX file
   * @param architecture the class
   * @param request the graph of the class
   * @param values the names of all values of the main graph that a node computes
   */
  record Built(Path file, Architecture architecture, GraphRequest request, Set<String> values)
      implements ArchitectureTwin {
    public Built {
      values = Set.copyOf(values);
    }
  }

  /**
   * There is no twin.
   *
   * @param reason why, in one line, such as {@code it has no metadata entry 'transonnx.config', so
   *     its class is unknown}
   */
  record Impossible(String reason) implements ArchitectureTwin {}

  /**
   * Builds the twin of a file.
   *
   * @param folder an existing folder, which gets the file {@value #FILE}
   * @throws InputException if a checkpoint cannot be read or does not fit the class, or the twin
   *     cannot be written
   */
  static ArchitectureTwin of(ModelFile file, TwinWeights source, Path folder) {
    try {
      return TwinBuilder.build(file, source, folder.resolve(FILE));
    } catch (NoTwinException e) {
      return new Impossible(e.reason());
    }
  }
}
