package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.spark.internal.model.SharedModels;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where transformers find their files. */
class ModelFilesTest {
  private static final List<String> TEXTS =
      List.of("In the beginning", "God created", "Amen", "x y");

  @TempDir private Path folder;

  /** A file system of Hadoop that no node reads as its own. */
  public static final class FarFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("far:///");
    }

    @Override
    public String getScheme() {
      return "far";
    }
  }

  @BeforeAll
  static void configure() {
    SharedSpark.SESSION
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.far.impl", FarFileSystem.class.getName());
  }

  private static TransonnxScorer scorer(String model) {
    return new TransonnxScorer().setModelPath(model).setInputCol("text").setOutputCol("bits");
  }

  private static List<Row> rows(TransonnxScorer scorer) {
    return scorer.transform(SharedSpark.rows(TEXTS, 4)).orderBy("id").collectAsList();
  }

  @Test
  void filesAreReadFromAHadoopFileSystem() {
    var model = TestModels.wordsWithFiles(folder);
    assertEquals(rows(scorer(model.toString())), rows(scorer("far://" + model)));
  }

  @Test
  void aTokenizerOfAHadoopFileSystemIsUsed() {
    var words = TestModels.words().toString();
    var local = scorer(words).setTokenizerPath(TestModels.TOKENIZER.toString());
    var remote = scorer(words).setTokenizerPath("far://" + TestModels.TOKENIZER.toAbsolutePath());
    assertEquals(rows(local), rows(remote));
  }

  @Test
  void aMissingRemoteModelIsReportedByTheDriver() {
    var scorer = scorer("far:///no/model.onnx");
    var failure = assertThrows(InputException.class, () -> rows(scorer));
    assertEquals("far:///no/model.onnx: no such file", failure.getMessage());
  }

  @Test
  void aRemoteModelThatChangesAfterPlanningIsRefused() throws Exception {
    var model = TestModels.wordsWithFiles(folder);
    var scored = scorer("far://" + model).transform(SharedSpark.rows(TEXTS, 1));
    Files.setLastModifiedTime(model, FileTime.fromMillis(1000));
    var failure = assertThrows(SparkException.class, scored::collectAsList);
    assertTrue(
        failure.getMessage().contains("has changed since the job was planned"),
        failure::getMessage);
  }

  @Test
  void aModelThatChangesAfterPlanningIsRefused() throws Exception {
    var model = TestModels.wordsWithFiles(folder);
    var scored = scorer(model.toString()).transform(SharedSpark.rows(TEXTS, 1));
    var other = TestModels.wordsWithFiles(folder.resolve("other"));
    var weights = ai.transonnx.runtime.ModelFiles.weights(model).get(0);
    var bytes = Files.readAllBytes(other.resolveSibling(weights));
    bytes[0] ^= 1;
    Files.write(model.resolveSibling(weights), bytes);
    Files.setLastModifiedTime(model.resolveSibling(weights), FileTime.fromMillis(1000));
    var failure = assertThrows(SparkException.class, scored::collectAsList);
    assertTrue(failure.getMessage().contains("planned was"), failure::getMessage);
  }

  @Test
  void addedFilesAreFoundByTheirNames() {
    var model = TestModels.wordsToAdd();
    var added = AddedModels.add(SharedSpark.SESSION, model.toString());
    assertEquals("spark-file:words.onnx", added);
    assertEquals(rows(scorer(model.toString())), rows(scorer(added)));
  }

  @Test
  void anAddedFileIsNotReplacedByAnotherOfItsName() throws Exception {
    var first = TestModels.TOKENIZER;
    var second = Files.writeString(folder.resolve(first.getFileName()), "{}");
    for (int i = 0; i < 2; i++) {
      assertEquals(
          "spark-file:tokenizer.json", AddedModels.addFile(SharedSpark.SESSION, first.toString()));
    }
    var failure =
        assertThrows(
            InputException.class,
            () -> AddedModels.addFile(SharedSpark.SESSION, second.toString()));
    assertEquals(
        second + ": another file of this name was added to the application; give it another name",
        failure.getMessage());
  }

  @Test
  void aDirectoryIsNotAdded() {
    var failure =
        assertThrows(
            InputException.class,
            () -> AddedModels.addFile(SharedSpark.SESSION, folder.toString()));
    assertEquals(folder + ": this is a directory; a file is needed", failure.getMessage());
  }

  @Test
  void tasksOfAProcessShareOneModel() {
    var scorer = scorer(TestModels.wordsWithFiles(folder.resolve("a")).toString());
    var same = scorer(TestModels.wordsWithFiles(folder.resolve("b")).toString());
    rows(scorer);
    long loads = SharedModels.loads();
    rows(scorer);
    rows(same);
    assertEquals(loads, SharedModels.loads());
  }
}
