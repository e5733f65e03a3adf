package ai.transonnx.runtime.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.quality.QualityReport.Divergence;
import ai.transonnx.runtime.quality.QualityReport.Perplexity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QualityGateTest {
  private static QualityReport report(double mean, @Nullable Perplexity perplexity) {
    return new QualityReport(
        "candidate.onnx",
        "reference.onnx",
        8,
        1,
        100,
        new Divergence(mean, 0.001, 0.2, 0.5),
        0.9,
        perplexity,
        List.of(),
        List.of());
  }

  private static final Perplexity RATIO = new Perplexity(4, 4.04, 1.01, 0.001);

  @Test
  void aGateHoldsUpToItsLimits() {
    var gate =
        QualityGate.of("kld=0.01, kld-median=1e-3,kld-p99=.2,kld-max=0.5,perplexity=1.01,top1=0.9");
    assertEquals(List.of(), gate.failures(report(0.01, RATIO)));
  }

  @Test
  void eachLimitThatDoesNotHoldIsAFailure() {
    var gate = QualityGate.of("top1=0.91,kld=0.01,perplexity=1.009");
    assertEquals(
        List.of(
            new QualityGate.Failure(QualityMetric.KLD, 0.02, 0.01),
            new QualityGate.Failure(QualityMetric.PERPLEXITY, 1.01, 1.009),
            new QualityGate.Failure(QualityMetric.TOP1, 0.9, 0.91)),
        gate.failures(report(0.02, RATIO)));
  }

  @Test
  void figuresWithoutAFiniteValueHoldNoLimit() {
    for (double mean : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(1, QualityGate.of("kld=1e300").failures(report(mean, RATIO)).size());
    }
  }

  @Test
  void aMissingPerplexityCannotBeLimited() {
    var gate = QualityGate.of("perplexity=2");
    var e = assertThrows(RequestException.class, () -> gate.failures(report(0, null)));
    assertTrue(e.getMessage().startsWith("reference.onnx: it has no perplexity"), e.getMessage());
  }

  @Test
  void aGateNeedsALimit() {
    assertThrows(RequestException.class, () -> new QualityGate(Map.of()));
    assertThrows(
        RequestException.class, () -> new QualityGate(Map.of(QualityMetric.KLD, Double.NaN)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | the gate has ''; it must be limits such as kld=0.01,top1=0.95",
        "kld | the gate has 'kld'; it must be limits",
        "kld=1, | the gate has ''; it must be limits",
        "kl=1 | a gate has no 'kl'; it can limit kld, kld-median, kld-p99, kld-max, perplexity,"
            + " top1",
        "kld=1,kld=2 | the gate has two limits of kld",
        "kld=small | the gate's kld is 'small'; it must be a number of 0 or more",
        "kld=-1 | the gate's kld is '-1'; it must be a number of 0 or more",
        "kld=NaN | the gate's kld is 'NaN'; it must be a number of 0 or more",
        "kld=1e999 | the gate's kld is '1e999'; it must be a number of 0 or more",
        "top1=95 | the gate's top1 is '95'; it must be a number from 0 to 1",
      })
  void anInvalidTextIsRefused(String text, String message) {
    var e = assertThrows(RequestException.class, () -> QualityGate.of(text));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
