package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedDownloadTest {
  @TempDir private Path directory = Path.of("");

  private Optional<String> describe(String content) throws IOException {
    return FailedDownload.describe(Files.writeString(directory.resolve("file"), content));
  }

  @Test
  void aPointerOfGitLfsIsRecognized() throws IOException {
    var found = describe("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    assertTrue(found.orElseThrow().contains("git lfs pull"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html><html>",
        "\n <HTML lang='en'>",
        "\ufeff<!doctype html>",
        "<?xml version='1.0'?><Error>"
      })
  void aWebPageIsRecognized(String content) throws IOException {
    assertTrue(describe(content).orElseThrow().contains("a web page"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "version 1", "<"})
  void anythingElseIsNot(String content) throws IOException {
    assertEquals(Optional.empty(), describe(content));
  }
}
