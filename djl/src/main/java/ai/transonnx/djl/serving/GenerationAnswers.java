package ai.transonnx.djl.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.djl.internal.LoadedSession;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.GenerationTask;
import ai.transonnx.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Continues texts by continuous batching: all workers submit to one scheduler and return at once,
 * so the number of requests that are generated together does not depend on DJL Serving's workers
 * and batches.
 */
final class GenerationAnswers implements Answers {
  private static final String SOURCE_MASK = "src_mask";

  private final ServingArguments arguments;
  private final OnnxModel model;
  private final Tokenizer tokenizer;
  private final GenerationScheduler scheduler;

  /**
   * Takes the model over from DJL.
   *
   * @throws ai.transonnx.TransonnxException if the model does not continue tokens, or has no
   *     tokenizer
   */
  GenerationAnswers(Model loaded, Path file, ServingArguments arguments) {
    this.arguments = arguments;
    this.model = LoadedSession.open(loaded, file);
    try {
      this.tokenizer = ServedTokenizer.open(model, arguments);
      this.scheduler = GenerationScheduler.of(model, arguments.scheduler());
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  @Override
  public Output answer(TranslatorContext context, Input input) {
    var content = RequestContent.of(input);
    var body =
        content.isJson()
            ? GenerationBody.read(content.bytes(), arguments)
            : GenerationBody.ofText(new String(content.bytes(), UTF_8), arguments);
    var reply = new GenerationReply(input, body);
    submit(body, reply);
    return reply.output();
  }

  private void submit(GenerationBody body, GenerationReply reply) {
    var tasks = new ArrayList<GenerationTask>();
    try {
      for (var row : reply.rows()) {
        tasks.add(scheduler.submit(request(body, row), reply.cancellation()));
      }
    } catch (RuntimeException | Error e) {
      reply.cancellation().cancel();
      throw e;
    }
    var futures = tasks.stream().map(GenerationTask::future).toList();
    futures.forEach(future -> future.whenComplete((result, failure) -> endAll(reply, failure)));
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .whenComplete(
            (all, failure) -> reply.end(failure == null ? results(futures) : List.of(), failure));
  }

  private static void endAll(GenerationReply reply, @Nullable Throwable failure) {
    if (failure != null) {
      reply.cancellation().cancel();
    }
  }

  private static List<Generation> results(List<CompletableFuture<Generation>> futures) {
    return futures.stream().map(CompletableFuture::join).toList();
  }

  private GenerationRequest request(GenerationBody body, ReplyRow row) {
    long[] tokens =
        arguments.special()
            ? tokenizer.encodeWithSpecialTokens(row.prompt())
            : tokenizer.encode(row.prompt());
    if (tokens.length == 0) {
      throw new RequestException("the text is empty; a token is needed");
    }
    row.setPromptTokens(tokens.length);
    boolean isSource = model.signature().input(OnnxModel.SOURCE).isPresent();
    var prompt = isSource ? new long[] {start()} : tokens;
    return GenerationRequest.builder(new long[][] {prompt}, body.options())
        .inputs(isSource ? source(tokens) : Map.of())
        .tokenizer(tokenizer)
        .listener(row)
        .build();
  }

  private long start() {
    return arguments
        .start()
        .orElseThrow(
            () -> new RequestException("argument 'start' is missing: the target's first token"));
  }

  private Map<String, Tensor> source(long... tokens) {
    var inputs = new HashMap<String, Tensor>();
    inputs.put(OnnxModel.SOURCE, Tensor.ofLongs(tokens, 1, tokens.length));
    if (model.signature().input(SOURCE_MASK).isPresent()) {
      var mask = new boolean[tokens.length];
      Arrays.fill(mask, true);
      inputs.put(SOURCE_MASK, Tensor.ofBooleans(mask, 1, mask.length));
    }
    return inputs;
  }

  @Override
  public void close() {
    scheduler.closeNow();
    tokenizer.close();
    model.closeNow();
  }
}
