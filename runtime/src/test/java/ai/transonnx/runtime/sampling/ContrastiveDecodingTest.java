package ai.transonnx.runtime.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.RequestException;
import org.junit.jupiter.api.Test;

final class ContrastiveDecodingTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  private static float[] contrasted(
      ContrastiveDecoding contrast, float[] expert, float... amateur) {
    contrast.apply(expert, amateur);
    return expert;
  }

  @Test
  void theAmateursLogitsAreSubtracted() {
    float[] logits = contrasted(new ContrastiveDecoding(0.1, 0.5), new float[] {2, 1.5f}, 3, 1);
    assertArrayEquals(new float[] {1.5f, 1.75f}, logits);
  }

  @Test
  void tokensThatTheExpertFindsImprobableAreExcluded() {
    // ln 0.1 = -2.303: a logit of 1.6 is at most that much below 3.9, but not below 4.
    var contrast = new ContrastiveDecoding(0.1, 1);
    assertArrayEquals(
        new float[] {7.8f, 3.2f}, contrasted(contrast, new float[] {3.9f, 1.6f}, 0, 0), 1e-6f);
    assertArrayEquals(new float[] {8, NONE}, contrasted(contrast, new float[] {4, 1.6f}, 0, 0));
    assertArrayEquals(new float[] {NONE, 8}, contrasted(contrast, new float[] {1.6f, 4}, -1000, 0));
  }

  @Test
  void anAlphaOfZeroExcludesNoTokenAndOneKeepsTheLikeliest() {
    assertArrayEquals(
        new float[] {8, -198},
        contrasted(new ContrastiveDecoding(0, 1), new float[] {4, -99}, 0, 0));
    assertArrayEquals(
        new float[] {8, NONE, 7},
        contrasted(new ContrastiveDecoding(1, 1), new float[] {4, 3.9f, 4}, 0, 0, 1));
  }

  @Test
  void aBetaOfZeroKeepsTheExpertsLogits() {
    assertArrayEquals(
        new float[] {4, 3}, contrasted(new ContrastiveDecoding(0.1, 0), new float[] {4, 3}, 9, -9));
  }

  @Test
  void aLogitOfNegativeInfinityStaysExcluded() {
    assertArrayEquals(
        new float[] {4, NONE},
        contrasted(new ContrastiveDecoding(0, 0.5), new float[] {4, NONE}, 4, NONE));
  }

  @Test
  void invalidOptionsAreRejected() {
    assertThrows(RequestException.class, () -> new ContrastiveDecoding(1.1, 0.5));
    assertThrows(RequestException.class, () -> new ContrastiveDecoding(Double.NaN, 0.5));
    assertThrows(RequestException.class, () -> new ContrastiveDecoding(0.1, -0.5));
    assertThrows(
        RequestException.class, () -> new ContrastiveDecoding(0.1, Double.POSITIVE_INFINITY));
  }

  @Test
  void differentNumbersOfLogitsAreRejected() {
    var contrast = ContrastiveDecoding.ofLibrary();
    assertThrows(RequestException.class, () -> contrast.apply(new float[] {1, 2}, new float[] {1}));
  }
}
