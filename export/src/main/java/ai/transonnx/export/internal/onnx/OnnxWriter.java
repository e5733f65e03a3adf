package ai.transonnx.export.internal.onnx;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Model;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Writes a model as an ONNX file. The parameters' elements go from the weights to the file a piece
 * at a time; the metadata comes last, so that the weights' fingerprint can be computed meanwhile.
 *
 * <p>The same model, weights and metadata give the same bytes.
 */
public final class OnnxWriter {
  private final Model model;
  private final ByteString surroundings;
  private final ByteString graph;
  private final SortedMap<String, String> metadata;
  private final long maxBytes;

  /**
   * Prepares to write; nothing is written yet.
   *
   * @param metadata all but the weights' fingerprint
   * @param toolVersion the producer's version in the file
   */
  public OnnxWriter(Model model, SortedMap<String, String> metadata, String toolVersion) {
    this(model, metadata, toolVersion, MessageWriter.MAX_BYTES);
  }

  OnnxWriter(Model model, SortedMap<String, String> metadata, String toolVersion, long maxBytes) {
    this.model = model;
    this.surroundings = ModelEncoder.encode(model, toolVersion).encode();
    this.graph = GraphEncoder.encode(model.graph()).encode();
    this.metadata = metadata;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes the file, and the external file beside it if that is asked for or the elements are too
   * many for one file. Either both appear, complete, or neither. The external file of a model that
   * is replaced goes with it.
   *
   * @param external whether the elements are to be in a file of their own in any case
   * @param progress is told the number of the elements' bytes that are written so far
   * @return the files, the model first
   * @throws InputException if the target cannot be written, or the weights cannot be read
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public List<Path> write(
      Binding binding,
      Fingerprint fingerprint,
      OutputFiles target,
      boolean external,
      LongConsumer progress) {
    var inside = FileLayout.inside(surroundings, graph, model.graph().parameters());
    // A fingerprint has the same length as any other.
    long tail = tail("0".repeat(Fingerprint.HEX_LENGTH)).size();
    boolean fits = inside.bytes() + tail <= maxBytes;
    var layout =
        fits && !external
            ? inside
            : FileLayout.external(
                surroundings, graph, model.graph().parameters(), target.location());
    try (var files = new PendingFiles()) {
      var pass = new ParameterPass(layout, new Evaluation(binding), progress);
      boolean hasData = layout.parameters().stream().anyMatch(slot -> !slot.isInside());
      if (hasData) {
        pass.writeData(files.create(target.data()));
      }
      var file = files.create(target.model());
      pass.writeModel(file);
      ParameterPass.write(tail(fingerprint.hex()), file);
      boolean isDataStale = !hasData && target.hasData();
      files.commit();
      if (isDataStale) {
        Files.deleteIfExists(target.data());
      }
      return hasData ? List.of(target.model(), target.data()) : List.of(target.model());
    } catch (IOException e) {
      throw target.failed(e);
    }
  }

  private ByteString tail(String fingerprint) {
    var all = new TreeMap<>(metadata);
    all.put(MetadataKey.WEIGHTS_SHA256.key(), fingerprint);
    return ModelEncoder.encode(all).encode();
  }
}
