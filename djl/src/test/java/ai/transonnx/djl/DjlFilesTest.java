package ai.transonnx.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.RequestException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that are not plain files on disk. */
class DjlFilesTest extends DjlModelFile {
  private static final String NOT_PLAIN = ": this is a pipe or a device; a file is needed";
  private static final Path CASES = GOLDEN.resolve("cases");

  @Test
  void aModelInAnArchiveIsRefused() throws Exception {
    var jar = folder.resolve("a.jar");
    try (var archive = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      assertModelRefused(
          archive.getPath("/model.onnx"),
          ": this is in a file system of type 'jar'; a plain file on disk is needed");
    }
  }

  @Test
  void aDeviceIsNoModel() {
    assertModelRefused(Path.of("/dev/zero"), NOT_PLAIN);
  }

  private static void assertModelRefused(Path model, String problem) {
    var e =
        assertThrows(
            ModelException.class, () -> DjlModels.criteria(model, String.class, String.class));
    assertEquals(model + problem, e.getMessage());
  }

  @Test
  void aDeviceIsNoTokenizer() throws Exception {
    export(CASES.resolve("token-shift-gpt/base"), GraphRequest.main());
    var tokenizer =
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), Path.of("/dev/zero"));
    var criteria = DjlModels.criteria(file, String.class, TextScore.class).build();
    var e = assertThrows(RequestException.class, criteria::loadModel);
    Files.delete(tokenizer);
    assertEquals(tokenizer + NOT_PLAIN, e.getMessage());
  }

  @Test
  void aDeviceHasNoNamesOfClasses() {
    export(CASES.resolve("x-transformers/vit"), GraphRequest.main());
    var criteria =
        DjlModels.criteria(file, Image.class, Classifications.class)
            .optArgument("synset", "/dev/zero")
            .build();
    var e = assertThrows(RequestException.class, criteria::loadModel);
    assertEquals("/dev/zero: the class names cannot be read" + NOT_PLAIN, e.getMessage());
  }
}
