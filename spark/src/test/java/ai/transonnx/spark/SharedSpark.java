package ai.transonnx.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** One session with two threads for the tests of a process. */
final class SharedSpark {
  static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[2]")
          .appName("tests")
          .config("spark.ui.enabled", false)
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", 2)
          .config("spark.sql.adaptive.enabled", false)
          .config("spark.sql.codegen.wholeStage", false) // compiling takes most of the time
          .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
          .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
          .getOrCreate();

  /** The schema of {@link #rows}. */
  static final StructType TEXTS =
      new StructType().add("id", DataTypes.LongType).add("text", DataTypes.StringType);

  private SharedSpark() {}

  /** Texts with their indices, in a number of partitions. */
  static Dataset<Row> rows(List<String> texts, int partitions) {
    var rows =
        IntStream.range(0, texts.size())
            .mapToObj(i -> RowFactory.create((long) i, texts.get(i)))
            .toList();
    return SESSION.createDataset(rows, Encoders.row(TEXTS)).repartition(partitions);
  }
}
