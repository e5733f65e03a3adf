package ai.transonnx.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistanceBucketsTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 0",
    "0, 0",
    "1, 1",
    "15, 15",
    "16, 16",
    "32, 21",
    "64, 26",
    "127, 31",
    "128, 31",
    "9999, 31"
  })
  void causalBucketsOnlyDistinguishEarlierKeys(int distance, int bucket) {
    assertEquals(bucket, new DistanceBuckets(true, 32, 128).of(distance));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "8, 8", "16, 10", "32, 12", "127, 15", "500, 15"})
  void eachDirectionHasHalfOfTheBuckets(int distance, int bucket) {
    var buckets = new DistanceBuckets(false, 32, 128);
    assertEquals(bucket, buckets.of(distance));
    assertEquals(distance == 0 ? 0 : 16 + bucket, buckets.of(-distance));
  }
}
