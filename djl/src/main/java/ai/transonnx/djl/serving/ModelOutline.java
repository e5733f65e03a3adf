package ai.transonnx.djl.serving;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.wire.ChannelStream;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parts of a model's file that decide which runtime runs it, and which requests it answers.
 *
 * @param irVersion the version of the file format
 * @param opset the newest version of ONNX's own operators that the model and its functions import
 * @param domains the domains of its operators, without those of its functions
 * @param inputs the names of its inputs
 * @param outputs the names of its outputs
 * @param metadata its metadata by key
 */
record ModelOutline(
    Path file,
    long irVersion,
    long opset,
    Set<String> domains,
    List<String> inputs,
    List<String> outputs,
    Map<String, String> metadata) {
  ModelOutline {
    domains = Collections.unmodifiableSet(domains);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it cannot be read, or is not an ONNX file
   */
  static ModelOutline read(Path file) {
    try (var channel = PlainFile.channel(file)) {
      var in = new MessageReader(file, new ChannelStream(channel));
      return new OutlineReader(in).read(file);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }
}
