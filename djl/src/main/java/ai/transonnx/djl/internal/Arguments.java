package ai.transonnx.djl.internal;

import ai.transonnx.format.internal.Spelling;
import ai.transonnx.runtime.RequestException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The arguments of DJL's criteria, by name. */
public final class Arguments {
  /**
   * The names that DJL itself puts into the same map or reads from it: its model loader, a model's
   * URL, and the serving.properties of DJL Serving.
   */
  private static final Set<String> DJL_NAMES =
      Set.of(
          "application",
          "artifact_id",
          "batch_size",
          "batchifier",
          "blockFactory",
          "engine",
          "job_queue_size",
          "load_on_devices",
          "log_request_metric",
          "max_batch_delay",
          "max_dynamic_batch_size",
          "max_idle_time",
          "maxWorkers",
          "metrics_aggregation",
          "minWorkers",
          "model_name",
          "modelName",
          "required_memory_mb",
          "reserved_memory_mb",
          "retry_threshold",
          "translator",
          "translatorFactory");

  private final Map<String, ?> values;

  /**
   * Checks the names of arguments.
   *
   * @param names those that are known besides DJL's own
   * @throws RequestException if a name is unknown
   */
  public Arguments(Map<String, ?> values, List<String> names) {
    this.values = values;
    values.keySet().stream().sorted().forEach(name -> check(name, names));
  }

  private static void check(String name, List<String> names) {
    String general = name.replaceFirst("^(cpu|gpu)\\.", ""); // DJL Serving's device prefixes
    if (!names.contains(name) && !DJL_NAMES.contains(general)) {
      String remedy =
          Spelling.nearest(name, names)
              .map(known -> "; did you mean '%s'?".formatted(known))
              .orElse("; the arguments are " + String.join(", ", names));
      throw new RequestException("unknown argument '%s'%s".formatted(name, remedy));
    }
  }

  /** Whether an argument is set. */
  public boolean has(String name) {
    return values.get(name) != null;
  }

  /** The text of an argument. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(Object::toString);
  }

  /** The texts of an argument that is one text or a list. */
  public List<String> texts(String name) {
    var value = values.get(name);
    return value instanceof Collection<?> list
        ? list.stream().map(String::valueOf).toList()
        : text(name).stream().toList();
  }

  /**
   * An argument that is a number, or a list of numbers.
   *
   * @throws RequestException if {@code parse} throws a NumberFormatException
   */
  public <T> Optional<T> number(String name, Function<String, T> parse) {
    var text = text(name);
    try {
      return text.map(parse);
    } catch (NumberFormatException e) {
      throw new RequestException(
          "argument '%s' is '%s', not a number".formatted(name, text.orElseThrow()));
    }
  }

  /**
   * Whether an argument is {@code true}; one that is not set is {@code false}.
   *
   * @throws RequestException if it is neither
   */
  public boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RequestException(
              "argument '%s' is '%s', not true or false".formatted(name, text));
    };
  }
}
