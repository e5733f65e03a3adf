package ai.transonnx.export.internal.onnx;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.file.PendingFiles;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Model;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Writes a model as an ONNX file. The elements of the parameters are streamed from the weights to
 * the file. The metadata comes last, so that the weights' fingerprint can be computed at the same
 * time.
 *
 * <p>The same model, weights and metadata give the same bytes.
 */
public final class OnnxWriter {
  private final Model model;
  private final ByteString envelope;
  private final ByteString graph;
  private final SortedMap<String, String> metadata;
  private final long maxBytes;

  /**
   * Encodes the graph; nothing is written yet.
   *
   * @param metadata the metadata without the weights' fingerprint
   * @param toolVersion the producer's version in the file
   */
  public OnnxWriter(Model model, SortedMap<String, String> metadata, String toolVersion) {
    this(model, metadata, toolVersion, MessageWriter.MAX_BYTES);
  }

  OnnxWriter(Model model, SortedMap<String, String> metadata, String toolVersion, long maxBytes) {
    this.model = model;
    this.envelope = ModelEncoder.encode(model, toolVersion).encode();
    this.graph = GraphEncoder.encode(model.graph()).encode();
    this.metadata = metadata;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes the file, and an external file beside it if {@code external} is set or one file cannot
   * hold all elements, and the tokenizer if there is one. Either all appear complete, or none. If a
   * model is replaced, its external file and its tokenizer are replaced or deleted.
   *
   * @param evaluation computes the elements of the parameters
   * @param external whether to write the elements into an external file even if they fit the model
   * @param progress receives the number of bytes of elements written so far
   * @return the files, the model first
   * @throws InputException if an output file cannot be written, or the weights cannot be read
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public List<Path> write(
      Evaluation evaluation,
      Fingerprint fingerprint,
      OutputFiles target,
      boolean external,
      LongConsumer progress) {
    var inside = FileLayout.inside(envelope, graph, model.graph().parameters());
    // All fingerprints have the same length.
    long tail = tail("0".repeat(Fingerprint.HEX_LENGTH)).size();
    boolean fits = inside.bytes() + tail <= maxBytes;
    var layout =
        fits && !external
            ? inside
            : FileLayout.external(envelope, graph, model.graph().parameters(), target.location());
    boolean hasData = layout.parameters().stream().anyMatch(slot -> !slot.isInside());
    target.checkSpace(hasData ? target.data() : target.model(), layout.allBytes());
    try (var files = new PendingFiles()) {
      target.writeTokenizer(files);
      var pass = new ParameterPass(layout, evaluation, progress);
      if (hasData) {
        pass.writeData(files.create(target.data()).getChannel());
      }
      var file = files.create(target.model()).getChannel();
      pass.writeModel(file);
      ParameterPass.write(tail(fingerprint.hex()), file);
      boolean isDataStale = !hasData && target.hasData();
      var staleTokenizer = target.staleTokenizer();
      files.commit();
      if (isDataStale) {
        Files.deleteIfExists(target.data());
      }
      if (staleTokenizer.isPresent()) {
        Files.deleteIfExists(staleTokenizer.get());
      }
      var written = new ArrayList<>(List.of(target.model()));
      if (hasData) {
        written.add(target.data());
      }
      target.tokenizer().ifPresent(t -> written.add(TokenizerFile.beside(target.model())));
      return written;
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
