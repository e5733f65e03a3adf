package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalRepositoryTest {
  @TempDir private Path home;

  private Path found(Map<String, String> environment) {
    return LocalRepository.find(null, environment, home).folder();
  }

  @Test
  void thePropertyTakesPrecedence() {
    var environment = Map.of("MAVEN_OPTS", "-Dmaven.repo.local=/b");
    assertEquals(Path.of("/a"), LocalRepository.find("/a", environment, home).folder());
  }

  @Test
  void mavensOptionsNameIt() {
    assertEquals(Path.of("/b"), found(Map.of("MAVEN_OPTS", "-Xmx1g -Dmaven.repo.local=/b -ea")));
  }

  @Test
  void theSettingsNameIt() throws IOException {
    Files.writeString(
        home.resolve("settings.xml"),
        """
        <settings>
          <!-- <localRepository>/old</localRepository> -->
          <localRepository>
            ${env.BASE}/repository
          </localRepository>
        </settings>
        """);
    assertEquals(Path.of("/c/repository"), found(Map.of("BASE", "/c")));
  }

  @Test
  void otherwiseItIsInTheUsersHome() {
    assertEquals(home.resolve("repository"), found(Map.of()));
  }
}
