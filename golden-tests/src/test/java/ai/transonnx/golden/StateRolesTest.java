package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateJson;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.graph.Model;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state roles that architectures declare, and files without roles. */
class StateRolesTest {
  private static final Path CASES = Path.of("cases");
  private static final int LENGTH = 20;

  @TempDir private Path scratch;

  private static Stream<CaseFolder> folders() {
    return Stream.of("cases", "references", "trained")
        .flatMap(folder -> CaseFolder.below(Path.of(folder)).stream())
        .map(CaseFolder::read);
  }

  private static Stream<DynamicTest> areImplied(Stream<CaseFolder> folders) {
    return folders.map(
        folder -> DynamicTest.dynamicTest(folder.name(), () -> assertImplied(folder)));
  }

  /** The graphs of a case's steps and of its generation, also incremental ones. */
  private static Set<GraphRequest> requests(CaseFolder folder) {
    var requests = new LinkedHashSet<GraphRequest>();
    folder.steps().forEach(step -> requests.add(CaseChecks.request(folder, step)));
    requests.add(folder.architecture().generation());
    for (var request : List.copyOf(requests)) {
      if (folder.architecture().isIncremental(request)) {
        requests.add(request.toBuilder().incremental(true).build());
      }
    }
    return requests;
  }

  private static List<Model> models(CaseFolder folder) {
    return requests(folder).stream().map(folder.architecture()::build).toList();
  }

  private static String withoutRoles(String state) throws JsonProcessingException {
    var list = new JsonMapper().readTree(state);
    list.forEach(entry -> ((ObjectNode) entry).remove("role"));
    return list.toString();
  }

  @TestFactory
  Stream<DynamicTest> rolesEqualThoseImpliedByNames() {
    return areImplied(
        Stream.concat(CaseTests.sample(CASES).stream(), ReleaseCases.sample())
            .map(CaseFolder::read));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> rolesOfAllCasesEqualThoseImpliedByNames() {
    return areImplied(Stream.concat(folders(), ReleaseCases.others().map(CaseFolder::read)));
  }

  private static void assertImplied(CaseFolder folder) throws JsonProcessingException {
    for (var model : models(folder)) {
      var entries = new HashMap<>(model.properties());
      entries.put(MetadataKey.STATE.key(), withoutRoles(StateJson.write(model.state())));
      assertEquals(
          model.state().stream().map(state -> implied(state, model.state())).toList(),
          StateJson.read(entries));
    }
  }

  /**
   * The state that a name implies. States that are newer than roles have no former name. Without
   * its role, a condition of one size is a recurrent value, which calls return unchanged, and a
   * memory with slots is a buffer or a ring.
   */
  private static StateTensor implied(StateTensor state, List<StateTensor> all) {
    if (state.role() == StateRole.CONTEXT && state.shape().equals(state.first())) {
      return withRole(state, StateRole.RECURRENT);
    }
    boolean isSlots =
        state.role() == StateRole.MEMORY && state.shape().contains(StateTensor.CAPACITY);
    boolean hasRing = all.stream().anyMatch(other -> other.role() == StateRole.RING);
    return isSlots ? withRole(state, hasRing ? StateRole.RING : StateRole.BUFFER) : state;
  }

  private static StateTensor withRole(StateTensor state, StateRole role) {
    return new StateTensor(
        state.input(), state.output(), state.type(), state.shape(), state.first(), role);
  }

  @Test
  void everyRoleIsUsedByAModel() {
    var roles =
        folders()
            .flatMap(folder -> models(folder).stream())
            .flatMap(model -> model.state().stream())
            .map(StateTensor::role)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(StateRole.class)));
    assertEquals(EnumSet.allOf(StateRole.class), roles);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FLASH-pytorch/transformer-causal",
        "block-recurrent-transformer-pytorch/base",
        "token-shift-gpt/base",
        "token-shift-gpt/discounted",
        "x-transformers/alibi",
        "x-transformers/cross-attend",
        "x-transformers/encoder-decoder"
      })
  void aFileWithoutRolesGivesTheSameOutputs(String name) throws IOException {
    var folder = CaseFolder.read(CASES.resolve(name));
    var file = scratch.resolve("model.onnx");
    folder.export(CaseLoops.request(folder), file);
    try (var model = OnnxModel.load(file);
        var former = OnnxModel.load(withoutRoles(file))) {
      assertFalse(model.metadata().state().isEmpty());
      assertEquals(model.metadata().state(), former.metadata().state());
      assertArrayEquals(outputs(model), outputs(former));
    }
  }

  private static float[][] outputs(OnnxModel model) {
    var outputs = new float[2][];
    try (var loop = new CaseLoops(model, LENGTH).start(ContextOverflow.RECOMPUTE)) {
      loop.feed(0, 3, new Cancellation());
      outputs[0] = loop.out().floats();
      for (int i = 3; i < LENGTH; i++) {
        loop.feed(i, i + 1, new Cancellation());
      }
      outputs[1] = loop.out().floats();
    }
    return outputs;
  }

  private static Path withoutRoles(Path file) throws IOException {
    var model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    for (var entry : model.getMetadataPropsBuilderList()) {
      if (entry.getKey().equals(MetadataKey.STATE.key())) {
        assertTrue(entry.getValue().contains("\"role\""));
        entry.setValue(withoutRoles(entry.getValue()));
      }
    }
    return Files.write(file.resolveSibling("former.onnx"), model.build().toByteArray());
  }
}
