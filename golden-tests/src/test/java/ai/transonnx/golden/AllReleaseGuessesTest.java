package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.transonnx.InputException;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.xtransformers.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guesses class, configuration and releases from the weights of all recorded cases of releases, of
 * which the project has a selection. They are in the folder that the system property {@code
 * release.cases} names, if there is one.
 */
@Tag("slow")
class AllReleaseGuessesTest {
  private static List<CaseFolder> cases() {
    var given = System.getProperty("release.cases");
    assumeTrue(given != null && Files.isDirectory(Path.of(given)), "release.cases is not set");
    return CaseFolder.below(Path.of(given)).stream().map(CaseFolder::read).toList();
  }

  private static boolean isRefused(CaseFolder folder) {
    try {
      folder.architecture();
      return false;
    } catch (InputException e) {
      return true;
    }
  }

  @Test
  void theGuessCompletedWithUnknownOptionsIsTheSameModel() {
    var failures =
        cases().stream()
            .filter(folder -> !isRefused(folder))
            .flatMap(folder -> CompletedGuess.of(folder).difference().stream())
            .toList();
    assertEquals(List.of(), failures);
  }

  @Test
  void theReleaseOfEveryCaseIsPossible() {
    for (var folder : cases()) {
      var guess = Guess.of(CompletedGuess.shapes(folder.weights()), Optional.empty());
      var release = Release.of(folder.release().orElseThrow());
      assertTrue(guess.orElseThrow().releases().orElseThrow().contains(release), folder::name);
    }
  }
}
