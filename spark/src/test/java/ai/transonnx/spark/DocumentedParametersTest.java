package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/** Compares the parameters of all transformers with docs/spark.md and with the Python package. */
class DocumentedParametersTest {
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Pattern PYTHON =
      Pattern.compile("^ {4,8}\"(\\w+)\": \\(", Pattern.MULTILINE);

  private static Set<String> parameters() {
    var names = new TreeSet<String>();
    for (var transformer :
        List.of(new TransonnxScorer(), new TransonnxEmbedder(), new TransonnxGenerator())) {
      Arrays.stream(transformer.params()).map(Param::name).forEach(names::add);
    }
    return names;
  }

  @Test
  void theDocumentListsEveryParameter() throws Exception {
    var documented = new TreeSet<String>();
    Files.readString(Path.of("../docs/spark.md"))
        .lines()
        .dropWhile(line -> !line.startsWith("| parameter |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("| "))
        .forEach(
            line ->
                NAME.matcher(line.substring(0, line.indexOf(" | ", 2)))
                    .results()
                    .forEach(match -> documented.add(match.group(1))));
    assertEquals(parameters(), documented);
  }

  @Test
  void thePythonPackageHasEveryParameter() throws Exception {
    var python = Path.of("src/main/resources/ai/transonnx/spark/__init__.py");
    var wrapped = new TreeSet<String>();
    PYTHON.matcher(Files.readString(python)).results().forEach(m -> wrapped.add(m.group(1)));
    assertEquals(parameters(), wrapped);
  }
}
