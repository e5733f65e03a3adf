package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cluster")
class StreamingTest {
  private static final StructType EVENTS =
      new StructType().add("time", DataTypes.TimestampType).add("text", DataTypes.StringType);

  @TempDir private Path folder;

  private static TransonnxScorer scorer() {
    return new TransonnxScorer()
        .setModelPath(TestModels.language().toString())
        .setInputCol("text")
        .setOutputCol("bits");
  }

  @Test
  void aStreamIsScoredAndKeepsItsWatermark() throws Exception {
    var events =
        List.of(
            "{\"time\": \"2026-01-01T00:00:01Z\", \"text\": \"In the beginning\"}",
            "{\"time\": \"2026-01-01T00:00:02Z\", \"text\": \"God created\"}",
            "{\"time\": \"2026-01-01T01:00:00Z\", \"text\": \"the heaven\"}");
    Files.write(Files.createDirectory(folder.resolve("in")).resolve("events.json"), events);
    var stream =
        SharedSpark.SESSION
            .readStream()
            .schema(EVENTS)
            .json(folder.resolve("in").toString())
            .withWatermark("time", "1 minute");
    var windows =
        scorer()
            .transform(stream)
            .groupBy(functions.window(functions.col("time"), "10 minutes"))
            .agg(functions.sum("bits").as("sum"));
    var query =
        windows
            .writeStream()
            .format("memory")
            .queryName("sums")
            .outputMode("append")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.processAllAvailable();
    query.awaitTermination();
    var texts = SharedSpark.rows(List.of("In the beginning", "God created"), 1);
    double expected = scorer().transform(texts).agg(functions.sum("bits")).first().getDouble(0);
    assertEquals(
        List.of(expected),
        SharedSpark.SESSION.table("sums").collectAsList().stream()
            .map(row -> row.getDouble(1))
            .toList());
  }
}
