package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.Beam;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Continues the prompts of a file: a JSON object in each line, and a JSON object as the result of
 * each, in the same order. A line that is invalid has an error as its result; the lines after it
 * are continued. Memory does not grow with the file.
 */
final class PromptFile {
  /** How the lines of a file become requests. */
  interface Requests {
    /** Whether the results have a text. */
    boolean hasText();

    /** A request, with the common parts of the lines. */
    GenerationRequest request(
        long[][] prompts, GenerationOptions options, Map<String, Tensor> inputs);

    /** The tokens of a prompt. */
    long[] encode(String prompt);

    /** The options of a line, in which those of the command are the defaults. */
    GenerationOptions options(LineOptions line);

    /** The inputs besides tokens and state of a line with this source. */
    Map<String, Tensor> inputs(Optional<long[]> source);

    /** A note about a prompt. */
    Optional<String> note(int length);
  }

  /** A line that is ready to be continued. */
  private record Item(
      long line,
      Optional<JsonNode> id,
      long[] tokens,
      Map<String, Tensor> inputs,
      LineOptions lineOptions,
      GenerationOptions options) {

    /** Whether both may be rows of one generation. */
    boolean joins(Item other) {
      return inputs.isEmpty() && other.inputs.isEmpty() && lineOptions.equals(other.lineOptions);
    }
  }

  private final OnnxModel model;
  private final Requests requests;
  private final int batch;
  private final Consumer<String> out;
  private final List<Item> pending = new ArrayList<>();
  private long failures;
  private String firstFailure = "";

  /**
   * Nothing is read yet.
   *
   * @param batch the largest number of lines that are continued side by side
   * @param out receives the results, each a line
   */
  PromptFile(OnnxModel model, Requests requests, int batch, Consumer<String> out) {
    this.model = model;
    this.requests = requests;
    this.batch = batch;
    this.out = out;
  }

  /**
   * Continues all lines.
   *
   * @param file the name in messages
   * @throws InputException if the file cannot be read, or, after the last line, if one was invalid
   */
  void run(Path file, LineReader reader) {
    long lines = 0;
    for (var line = reader.next(); line.isPresent(); line = reader.next()) {
      lines++;
      accept(line.get());
    }
    flush();
    if (failures > 0) {
      throw new InputException(
          "%s: %s of %s lines failed; the first is %s"
              .formatted(file, failures, lines, firstFailure));
    }
  }

  private void accept(LineReader.Line line) {
    Optional<JsonNode> id = Optional.empty();
    try {
      if (line.problem().isPresent()) {
        throw new InputException(line.problem().get());
      }
      var prompt = PromptLine.parse(line.text());
      id = prompt.id();
      var item = item(line.number(), prompt);
      if (!pending.isEmpty() && (pending.size() == batch || !pending.get(0).joins(item))) {
        flush();
      }
      pending.add(item);
    } catch (InputException | RequestException e) {
      flush();
      fail(line.number(), id, e);
    }
  }

  private Item item(long line, PromptLine prompt) {
    long[] tokens =
        prompt.prompt().map(requests::encode).orElseGet(() -> array(prompt.tokens().orElseThrow()));
    if (tokens.length == 0) {
      throw new RequestException("the prompt is empty; give at least one token");
    }
    model.inputVocabulary().check(i -> "position " + i + " of the prompt", tokens);
    var source =
        prompt
            .source()
            .map(requests::encode)
            .or(() -> prompt.sourceTokens().map(PromptFile::array));
    return new Item(
        line,
        prompt.id(),
        tokens,
        requests.inputs(source),
        prompt.options(),
        requests.options(prompt.options()));
  }

  private static long[] array(List<Long> tokens) {
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }

  /** Continues the pending lines. */
  private void flush() {
    var items = List.copyOf(pending);
    pending.clear();
    if (!items.isEmpty()) {
      generate(items);
    }
  }

  private void generate(List<Item> items) {
    Generation generation;
    try {
      generation = Generator.of(model).generate(request(items));
    } catch (RequestException e) {
      if (items.size() > 1) {
        items.forEach(item -> generate(List.of(item)));
      } else {
        fail(items.get(0).line, items.get(0).id, e);
      }
      return;
    }
    for (int row = 0; row < items.size(); row++) {
      print(result(items.get(row), generation, row));
    }
  }

  private GenerationRequest request(List<Item> items) {
    var first = items.get(0);
    var prompts = items.stream().map(Item::tokens).toArray(long[][]::new);
    return requests.request(prompts, first.options, first.inputs);
  }

  private ObjectNode result(Item item, Generation generation, int row) {
    var result = object(item.line, item.id);
    if (requests.hasText()) {
      result.put("text", generation.text(row));
    }
    putTokens(result, generation.tokens(row), generation.finishReason(row));
    if (item.options.beams().isPresent()) {
      var beams = result.putArray("beams");
      generation.beams(row).forEach(beam -> put(beams.addObject(), beam));
    }
    generation.seed().ifPresent(seed -> result.put("seed", seed));
    requests.note(item.tokens.length).ifPresent(note -> result.put("note", note));
    return result;
  }

  private void put(ObjectNode result, Beam beam) {
    result.put("score", beam.score());
    if (requests.hasText()) {
      result.put("text", beam.text());
    }
    putTokens(result, beam.tokens(), beam.finishReason());
  }

  private static void putTokens(ObjectNode result, long[] tokens, FinishReason reason) {
    var list = result.putArray("tokens");
    for (long token : tokens) {
      list.add(token);
    }
    result.put("finish_reason", reason.name().toLowerCase(Locale.ROOT));
  }

  private void fail(long line, Optional<JsonNode> id, RuntimeException problem) {
    String message = String.valueOf(problem.getMessage());
    failures++;
    if (failures == 1) {
      firstFailure = "line %s: %s".formatted(line, message);
    }
    print(object(line, id).put("error", message));
  }

  private static ObjectNode object(long line, Optional<JsonNode> id) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("line", line);
    id.ifPresent(value -> object.set("id", value));
    return object;
  }

  private void print(ObjectNode result) {
    out.accept(Json.compact(result));
  }
}
