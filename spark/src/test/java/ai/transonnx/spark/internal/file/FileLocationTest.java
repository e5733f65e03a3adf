package ai.transonnx.spark.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.file.FileLocation.Added;
import ai.transonnx.spark.internal.file.FileLocation.OnNode;
import ai.transonnx.spark.internal.file.FileLocation.Remote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileLocationTest {
  private static FileLocation parse(String text) {
    return FileLocation.parse("modelPath", text);
  }

  @Test
  void aPathOrFileUriIsOnTheNode() {
    assertEquals(new OnNode("/models/a b.onnx"), parse("/models/a b.onnx"));
    assertEquals(new OnNode("models/a.onnx"), parse("models/a.onnx"));
    assertEquals(new OnNode("/models/a b.onnx"), parse("file:/models/a b.onnx"));
    assertEquals(new OnNode("/models/a.onnx"), parse("file:///models/a.onnx"));
  }

  @Test
  void otherSchemesAreThoseOfHadoop() {
    assertEquals(new Remote("hdfs://h:9000/m.onnx"), parse("hdfs://h:9000/m.onnx"));
    assertEquals(new Remote("s3a://bucket/m x.onnx"), parse("s3a://bucket/m x.onnx"));
  }

  @Test
  void addedFilesHaveASchemeOfTheirOwn() {
    assertEquals(new Added("m.onnx"), parse("spark-file:m.onnx"));
    assertEquals(new Added("m.onnx"), parse("spark-file:///m.onnx"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "spark-file:", "spark-file:../m.onnx", "s3a:m.onnx", "a\0b"})
  void otherTextsAreRefusedWithTheParameter(String text) {
    var failure = assertThrows(RequestException.class, () -> parse(text));
    assertTrue(failure.getMessage().startsWith("modelPath is '"), failure::getMessage);
  }
}
