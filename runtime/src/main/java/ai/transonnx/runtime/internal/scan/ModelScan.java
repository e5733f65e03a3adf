package ai.transonnx.runtime.internal.scan;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.wire.ChannelStream;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/**
 * Scans a model file for everything that would end the process, never end, or take memory out of
 * proportion when ONNX Runtime loads it. The scan takes bounded time and memory: it skips the data
 * of tensors. It does not check that the model is valid, which ONNX Runtime does.
 */
public final class ModelScan {
  /** The identifier of ONNX Runtime's own format, which is no Protobuf. */
  private static final String ORT_FORMAT = "ORTM";

  private static final int ORT_FORMAT_POSITION = 4;

  private final Source source;
  private final Operators operators;
  private final Expansion expansion;
  private final Count metadata;
  private final Count functions;

  private ModelScan(Path file, MessageReader in) {
    this.source = new Source(file, in);
    this.operators = new Operators(source, Set.of());
    this.expansion = new Expansion(source);
    this.metadata = new Count(source, Limits.METADATA_ENTRIES, "entries of metadata");
    this.functions = new Count(source, Limits.FUNCTIONS, "functions");
  }

  /**
   * Scans a file.
   *
   * @throws InputException if the file cannot be read, or exceeds a limit
   */
  public static void check(Path file) {
    try (var channel = PlainFile.channel(file)) {
      if (channel.size() > Limits.FILE_BYTES) {
        throw new InputException(
            "%s: has %s bytes; an ONNX file has at most %s, and larger weights in other files"
                .formatted(file, channel.size(), Limits.FILE_BYTES));
      }
      if (isOrtFormat(channel)) {
        throw new InputException(file + ": is in ONNX Runtime's own format, not an ONNX file");
      }
      var in = new MessageReader(file, new ChannelStream(channel));
      new ModelScan(file, in).check(in);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  private static boolean isOrtFormat(FileChannel channel) throws IOException {
    var identifier = ByteBuffer.allocate(ORT_FORMAT.length());
    channel.read(identifier, ORT_FORMAT_POSITION);
    return new String(identifier.array(), StandardCharsets.ISO_8859_1).equals(ORT_FORMAT);
  }

  private void check(MessageReader in) {
    in.file(source.once(this::read, ModelProto.GRAPH_FIELD_NUMBER));
    expansion.check(operators);
  }

  private void read(int number) throws IOException {
    switch (number) {
      case ModelProto.PRODUCER_NAME_FIELD_NUMBER,
          ModelProto.DOMAIN_FIELD_NUMBER,
          ModelProto.DOC_STRING_FIELD_NUMBER ->
          source.keptText();
      case ModelProto.GRAPH_FIELD_NUMBER -> GraphScan.field(source, operators);
      case ModelProto.METADATA_PROPS_FIELD_NUMBER -> {
        metadata.add();
        source.message(this::entry);
      }
      case ModelProto.FUNCTIONS_FIELD_NUMBER -> {
        functions.add();
        expansion.add(FunctionScan.field(source));
      }
      default -> source.prose();
    }
  }

  private void entry(int number) throws IOException {
    switch (number) {
      case StringStringEntryProto.KEY_FIELD_NUMBER, StringStringEntryProto.VALUE_FIELD_NUMBER ->
          source.keptText();
      default -> source.skip();
    }
  }
}
