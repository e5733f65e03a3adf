package com.example.batch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads lines in UTF-8. A line of any length takes no more memory than one of the maximum. */
final class LineReader implements AutoCloseable {
  static final int MAX_CHARACTERS = 100_000;

  private final Reader reader;
  private long number;

  LineReader(Path file) throws IOException {
    reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  /** The next line, without its end; empty after the last. */
  Optional<Line> next() throws IOException {
    int c = reader.read();
    if (c < 0) {
      return Optional.empty();
    }
    var text = new StringBuilder();
    long length = 0;
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (length++ < MAX_CHARACTERS) {
        text.append((char) c);
      }
    }
    if (c == '\n' && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
      text.setLength(text.length() - 1);
    }
    number++;
    return Optional.of(new Line(number, text.toString(), length > MAX_CHARACTERS));
  }

  void skip(long lines) throws IOException {
    for (long i = 0; i < lines; i++) {
      if (next().isEmpty()) {
        throw new IOException("the input has fewer lines than the output has results");
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
