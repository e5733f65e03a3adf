package com.example.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The output: a line of JSON for each result. Each batch is in the file when it is written. */
final class ResultFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OutputStream output;
  private final long lines;

  private ResultFile(OutputStream output, long lines) {
    this.output = output;
    this.lines = lines;
  }

  /**
   * A new file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  static ResultFile create(Path file) throws IOException {
    return new ResultFile(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 0);
  }

  /**
   * The file of an earlier run, cut after its last complete batch, so that all further batches have
   * the same lines as without an interruption, and the same bytes are written.
   */
  static ResultFile resume(Path file) throws IOException {
    long lines = 0;
    long bytes = 0;
    long keptBytes = 0;
    try (var input = new BufferedInputStream(Files.newInputStream(file))) {
      for (int b = input.read(); b >= 0; b = input.read()) {
        bytes++;
        if (b == '\n' && ++lines % BatchJob.BATCH == 0) {
          keptBytes = bytes;
        }
      }
    }
    var channel = FileChannel.open(file, StandardOpenOption.WRITE).truncate(keptBytes);
    channel.position(keptBytes);
    return new ResultFile(Channels.newOutputStream(channel), lines - lines % BatchJob.BATCH);
  }

  /** The number of results that are kept from an earlier run. */
  long lines() {
    return lines;
  }

  void write(List<Result> results) throws IOException {
    var text = new StringBuilder();
    for (var result : results) {
      text.append(JSON.writeValueAsString(result)).append('\n');
    }
    output.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
