package ai.transonnx.golden;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the golden case that sets an option to a value other than its default. An option that
 * several classes share, such as those of layers, is one option.
 */
final class RecordedOptions {
  private final Map<String, CaseFolder> cases = new HashMap<>();

  private RecordedOptions() {}

  /** The options of all cases in some folders; the simplest of several cases is used. */
  static RecordedOptions below(Path... folders) {
    var recorded = new RecordedOptions();
    Arrays.stream(folders)
        .flatMap(folder -> CaseFolder.below(folder).stream())
        .map(CaseFolder::read)
        .sorted(
            Comparator.comparingInt((CaseFolder c) -> c.config().toString().length())
                .thenComparing(CaseFolder::name))
        .forEach(recorded::add);
    return recorded;
  }

  /** The name of the case that sets an option. */
  Optional<String> of(ConfigOption option) {
    return Optional.ofNullable(cases.get(id(option.component()))).map(CaseFolder::name);
  }

  private void add(CaseFolder folder) {
    var classes = Architectures.configurations(folder.library());
    add(folder, folder.config(), classes.get(folder.config().path("class").asText()));
  }

  private void add(CaseFolder folder, JsonNode config, Class<? extends Record> type) {
    for (var option : ConfigOption.all(type)) {
      var value = option.keys().stream().filter(config::has).findAny().map(config::get);
      if (value.isPresent() && !isDefault(option, value.get())) {
        cases.putIfAbsent(id(option.component()), folder);
      }
      if (value.isPresent() && option.type().type().isRecord()) {
        add(folder, value.get(), option.type().type().asSubclass(Record.class));
      }
    }
  }

  private static boolean isDefault(ConfigOption option, JsonNode value) {
    return option
        .defaultValue()
        .map(Json::parse)
        .filter(
            known ->
                (known.isNumber() && value.isNumber())
                    ? known.doubleValue() == value.doubleValue()
                    : known.equals(value))
        .isPresent();
  }

  private static String id(RecordComponent component) {
    return component.getDeclaringRecord().getName() + "." + component.getName();
  }
}
