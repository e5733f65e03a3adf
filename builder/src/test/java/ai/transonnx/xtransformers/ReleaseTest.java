package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Library;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseTest {
  @Test
  void numbersAreComparedPartByPart() {
    var release = Release.of("1.10.0");
    assertTrue(release.since("1.9.2"));
    assertFalse(release.since("1.10.1"));
    assertTrue(release.within("1.9.2", "1.10.0"));
    assertFalse(release.within("1.9.0", "1.9.2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1.9 | 'release' is '1.9'; it must be a number of three parts, such as 1.9.2",
        "0.14.2 | release 0.14.2 is not supported; the first supported release of x-transformers is"
            + " 0.15.0",
        "1.9.9 | x-transformers has no release 1.9.9; the last of 1.9 is 1.9.2",
        "1.3.0 | x-transformers has no release 1.3.0",
        "0.21.0 | release 0.21.0 of x-transformers omits the norms of pre-norm layers, which 0.21.1"
            + " fixes; no other release computes the same",
        "1.16.3 | release 1.16.3 of x-transformers adds the output of each head to the values of"
            + " the next in every model, which 1.16.5 fixes; no other release computes the same",
      })
  void numbersOfOtherReleasesAreRefused(String number, String message) {
    var refusal = assertThrows(InputException.class, () -> Release.of(number)).getMessage();
    assertEquals(message, refusal);
  }

  @Test
  void releasesAfterTheNewestAreAccepted() {
    assertEquals("3.0.0", Release.of("3.0.0").toString());
  }

  @Test
  void aLibraryOfAReleaseIsReadBack() {
    var release = Release.of("2.3.1");
    assertEquals("x-transformers", release.library().id());
    assertEquals("2.3.1", release.library().version());
    assertEquals(Optional.of(release), Release.of(release.library(), Optional.empty()));
    assertEquals(Library.X_TRANSFORMERS, Release.DEFAULT.library());
  }

  @Test
  void otherLibrariesHaveNoReleases() {
    assertEquals(Optional.empty(), Release.of(Library.FLASH, Optional.empty()));
    var refusal =
        assertThrows(InputException.class, () -> Release.of(Library.FLASH, Optional.of("1.9.2")));
    assertEquals(
        "'release' is 1.9.2; FLASH-pytorch has one supported release, so omit it",
        refusal.getMessage());
  }
}
