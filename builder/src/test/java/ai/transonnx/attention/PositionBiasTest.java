package ai.transonnx.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionBiasTest {
  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "1, 1", "15, 15", "16, 16", "32, 21", "127, 31", "128, 31"})
  void causalBucketsWidenWithTheDistance(int distance, int bucket) {
    assertEquals(bucket, new BucketBias(1, true, 32, 128, 1).bucket(distance));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "8, 8", "128, 15", "-1, 17", "-7, 23", "-8, 24", "-128, 31"})
  void bucketsOfBothDirectionsAreApart(int distance, int bucket) {
    assertEquals(bucket, new BucketBias(1, false, 32, 128, 1).bucket(distance));
  }
}
