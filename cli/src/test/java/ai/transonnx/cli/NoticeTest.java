package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NoticeTest {
  private static final Pattern TEST_LIBRARY =
      Pattern.compile(
          "junit-.*|opentest4j|apiguardian-api|surefire-.*|jazzer.*|transonnx-.*|byte-buddy.*");

  private static String resource(String name) throws IOException {
    return Files.readString(Path.of("target/classes/META-INF", name));
  }

  /** Names of the jars on the class path, without versions, that are not for tests only. */
  private static List<String> bundled() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> new File(entry).getName())
        .filter(name -> name.endsWith(".jar"))
        .map(name -> name.replaceFirst("-\\d.*", ""))
        .filter(name -> !TEST_LIBRARY.matcher(name).matches())
        .distinct()
        .toList();
  }

  @Test
  void noticeNamesEveryBundledLibrary() throws IOException {
    var notice = resource("NOTICE");
    var bundled = bundled();
    assertTrue(bundled.contains("onnxruntime"), bundled.toString());
    assertEquals(
        List.of(),
        bundled.stream()
            .filter(name -> !Pattern.compile("\\b" + name + "[,:]").matcher(notice).find())
            .toList());
  }

  @Test
  void jarCarriesTheLicense() throws IOException {
    assertTrue(resource("LICENSE").contains("Apache License"));
  }
}
