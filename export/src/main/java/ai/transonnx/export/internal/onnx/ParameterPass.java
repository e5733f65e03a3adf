package ai.transonnx.export.internal.onnx;

import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.internal.onnx.FileLayout.Slot;
import ai.transonnx.export.weights.Content;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/** Writes the files of a layout in one pass over its parameters. */
final class ParameterPass {
  private final FileLayout layout;
  private final Evaluation evaluation;
  private final LongConsumer progress;
  private long written;

  ParameterPass(FileLayout layout, Evaluation evaluation, LongConsumer progress) {
    this.layout = layout;
    this.evaluation = evaluation;
    this.progress = progress;
  }

  /** Writes the external file. */
  void writeData(FileChannel file) throws IOException {
    for (var slot : layout.parameters()) {
      if (!slot.isInside()) {
        file.position(slot.offset());
        writeElements(slot, file);
      }
    }
  }

  /** Writes the model's file up to the end of its graph. */
  void writeModel(FileChannel file) throws IOException {
    write(layout.head(), file);
    for (var slot : layout.parameters()) {
      write(slot.head(), file);
      if (slot.isInside()) {
        writeElements(slot, file);
      }
    }
  }

  private void writeElements(Slot slot, FileChannel file) throws IOException {
    long start = written;
    evaluation.write(slot.parameter(), new FileSink(file));
    if (written - start != slot.bytes()) {
      throw new AssertionError(
          "%s has %s bytes instead of %s"
              .formatted(slot.parameter().name(), written - start, slot.bytes()));
    }
  }

  /** Appends to a file and counts the bytes. */
  private final class FileSink implements Evaluation.Sink {
    private final FileChannel file;

    FileSink(FileChannel file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      written += bytes.remaining();
      ParameterPass.write(bytes, file);
      progress.accept(written);
    }

    @Override
    public void copy(Content content, long offset, int length) throws IOException {
      content.transfer(offset, length, file);
      written += length;
      progress.accept(written);
    }
  }

  static void write(ByteString bytes, FileChannel file) throws IOException {
    for (var buffer : bytes.asReadOnlyByteBufferList()) {
      write(buffer, file);
    }
  }

  private static void write(ByteBuffer bytes, FileChannel file) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
