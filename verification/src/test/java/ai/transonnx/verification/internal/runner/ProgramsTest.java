package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsTest {
  private static final Programs TOOL = new Programs("TOOL", List.of("tool3", "tool"));

  @TempDir private Path first;
  @TempDir private Path second;
  private Map<String, String> path = Map.of();

  @BeforeEach
  void setPath() {
    path = Map.of("PATH", first + File.pathSeparator + File.pathSeparator + second);
  }

  private static Path program(Path file) throws IOException {
    Files.createFile(file);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void theFirstNameThatIsFoundIsUsed() throws IOException {
    program(first.resolve("tool"));
    var preferred = program(second.resolve("tool3"));
    assertEquals(Optional.of(preferred), TOOL.find(path));
  }

  @Test
  void foldersAndOtherFilesAreNoPrograms() throws IOException {
    Files.createDirectory(first.resolve("tool3"));
    Files.createFile(first.resolve("tool"));
    assertEquals(Optional.empty(), TOOL.find(path));
  }

  @Test
  void theVariableTakesPrecedence() throws IOException {
    program(first.resolve("tool3"));
    var other = program(second.resolve("other"));
    var environment = Map.of("PATH", first.toString(), "TOOL", other.toString());
    assertEquals(Optional.of(other), TOOL.find(environment));
  }

  @Test
  void theVariableMustNameAProgram() {
    var error =
        assertThrows(InputException.class, () -> TOOL.find(Map.of("TOOL", first.toString())));
    assertEquals("TOOL is " + first + ", which is no program", error.getMessage());
  }
}
