package ai.transonnx.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.internal.config.Json;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private static final ReleaseSet ERA =
      ReleaseSet.ALL.only(release -> release.within("1.27.1", "1.30.23"));

  private static JsonNode decoder(String options) {
    var json =
        "{'class': 'Decoder', 'dim': 64, 'depth': 1, 'heads': 2, 'attn_dim_head': 32%s}"
            .formatted(options);
    return Json.parse(json.replace('\'', '"'));
  }

  private static ReleaseSearch search(String options) {
    var readings = new Readings(decoder(options), ERA).all(GraphRequest.main());
    return ReleaseSearch.of(readings, reading -> true);
  }

  @Test
  void releasesWithTheSameModelAreOne() {
    assertEquals(ERA, search("").releases());
  }

  @Test
  void releasesWithOtherModelsAreNamedWithTheDifference() {
    var refused =
        assertThrows(InputException.class, () -> search(", 'rotary_pos_emb': true").releases());
    assertTrue(
        refused.getMessage().contains("1.27.14 to 1.30.0; or 1.30.1 to 1.30.23"),
        refused.getMessage());
    assertTrue(
        refused
            .getMessage()
            .contains("from 1.30.1 on, rotary embeddings rotate neighboring features, not halves"));
  }

  @Test
  void anOptionThatEarlierReleasesIgnoreIsNamed() {
    var options = ", 'rotary_pos_emb': true, 'rotary_interpolation_factor': 2";
    var all = ReleaseSet.ALL.only(one -> one.within("1.16.5", "1.16.24"));
    var readings = new Readings(decoder(options), all).all(GraphRequest.main());
    var search = ReleaseSearch.of(readings, one -> true);
    assertTrue(
        assertThrows(InputException.class, search::releases)
            .getMessage()
            .contains("from 1.16.16 on, rotary_interpolation_factor exists"));
  }

  @Test
  void releasesThatRefuseAnOptionHaveNoReading() {
    var accepting = new Readings(decoder(", 'ff_glu_mult_bias': true"), ReleaseSet.ALL).accepting();
    assertEquals(Release.of("1.18.0"), accepting.releases().first());
    assertEquals(Release.NEWEST, accepting.releases().last());
  }

  @Test
  void oneReadingFitsWeightsThatNoOtherFits() {
    var readings = new Readings(decoder(", 'use_scalenorm': true"), ERA).all(GraphRequest.main());
    var first = readings.get(0);
    assertEquals(first.releases(), ReleaseSearch.of(List.of(first), one -> true).releases());
    assertTrue(ReleaseSearch.of(readings, one -> false).releases().isEmpty());
  }
}
