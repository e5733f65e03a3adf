package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.export.ExportResult;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.file.FileErrors;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The result of an export, as JSON. Sizes are in bytes. Has no state. */
final class ExportJson {
  private static final int FORMAT = 1;

  private ExportJson() {}

  /**
   * The files, as they are on disk.
   *
   * @param warnings the notes for the user
   * @throws InputException if a file is gone
   */
  static ObjectNode of(ExportResult result, List<String> warnings) {
    var json = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    var files = json.putArray("files");
    long bytes = 0;
    for (var file : result.files()) {
      try {
        long size = Files.size(file);
        files.addObject().put("file", file.toString()).put("bytes", size);
        bytes += size;
      } catch (IOException e) {
        throw new InputException(file + ": " + FileErrors.unreadable(e), e);
      }
    }
    json.put("bytes", bytes);
    var model = OnnxSummary.read(result.files().get(0));
    var metadata = model.metadata();
    json.put("library", metadata.get(MetadataKey.LIBRARY.key()));
    json.put("weights_sha256", metadata.get(MetadataKey.WEIGHTS_SHA256.key()));
    json.put("opset", model.opsets().get(""));
    OnnxJson.addSignature(json, model);
    var notes = json.putArray("warnings");
    warnings.forEach(notes::add);
    return json;
  }
}
